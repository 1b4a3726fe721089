using McpImageGen.WorkersAiEmulator.Answers;

namespace McpImageGen.WorkersAiEmulator.Faults;

/// <summary>Something that can go wrong, by the name with which it is asked for.</summary>
internal sealed record Fault(string Name, FaultKind Kind, int Status = 200, AiError? Error = null);
