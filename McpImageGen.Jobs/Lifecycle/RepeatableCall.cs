namespace McpImageGen.Jobs.Lifecycle;

/// <summary>A call that its caller may repeat without starting its jobs twice.</summary>
/// <param name="Owner">The caller.</param>
/// <param name="Key">The caller's idempotency key, 1 to 200 characters.</param>
/// <param name="Fingerprint">A hash of the call's arguments, at most 64 characters: a repeated call has the same.</param>
public sealed record RepeatableCall(string Owner, string Key, string Fingerprint);
