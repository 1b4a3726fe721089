namespace McpImageGen.WorkersAiEmulator.Models;

/// <summary>A JSON value that no field accepts: an object, an array, a boolean or null.</summary>
internal sealed record JsonType(string Name);
