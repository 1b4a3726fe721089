using McpImageGen.WorkersAiEmulator.Answers;

namespace McpImageGen.WorkersAiEmulator.Faults;

/// <summary>A fault that the emulator can simulate, with its name.</summary>
internal sealed record Fault(string Name, FaultKind Kind, int Status = 200, AiError? Error = null);
