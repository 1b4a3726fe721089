namespace McpImageGen.WorkersAiEmulator.Models;

/// <summary>Stands for a JSON value that no field takes: an object, an array, a truth value or null.</summary>
internal sealed record JsonType(string Name);
