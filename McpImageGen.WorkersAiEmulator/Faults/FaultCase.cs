namespace McpImageGen.WorkersAiEmulator.Faults;

/// <summary>The fault for one request.</summary>
internal sealed record FaultCase(Fault Fault, TimeSpan? RetryAfter);
