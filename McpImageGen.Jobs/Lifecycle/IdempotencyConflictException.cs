namespace McpImageGen.Jobs.Lifecycle;

/// <summary>The owner has used the idempotency key for other jobs not long ago; none of the call's was accepted.</summary>
public sealed class IdempotencyConflictException() : Exception("The idempotency key belongs to other jobs.");
