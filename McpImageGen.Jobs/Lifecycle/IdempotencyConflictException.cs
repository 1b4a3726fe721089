namespace McpImageGen.Jobs.Lifecycle;

/// <summary>The owner used the idempotency key for a different request within 24 h; no job was accepted.</summary>
public sealed class IdempotencyConflictException() : Exception("The idempotency key was already used for a different request.");
