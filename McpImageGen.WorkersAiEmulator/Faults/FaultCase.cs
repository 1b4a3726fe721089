namespace McpImageGen.WorkersAiEmulator.Faults;

/// <summary>A fault that happens to one request.</summary>
internal sealed record FaultCase(Fault Fault, TimeSpan? RetryAfter);
