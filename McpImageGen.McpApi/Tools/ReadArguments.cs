using System.Text.Json;

namespace McpImageGen.McpApi.Tools;

/// <summary>The arguments of a call as its tool takes them.</summary>
/// <param name="Values">Those that were given, by name.</param>
/// <param name="Ignored">The names that the tool does not know.</param>
/// <param name="Refusal">Why the call is not carried out; null when it is.</param>
internal sealed record ReadArguments(Dictionary<string, JsonElement> Values, IReadOnlyList<string> Ignored, ToolRefusal? Refusal);
