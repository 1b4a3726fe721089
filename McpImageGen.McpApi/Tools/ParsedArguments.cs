using System.Text.Json;

namespace McpImageGen.McpApi.Tools;

/// <summary>The arguments of a call in the form that the tool expects.</summary>
/// <param name="Values">The values of the arguments that were sent, by name.</param>
/// <param name="Ignored">The names of unknown arguments.</param>
/// <param name="Refusal">Why the call is rejected; null if all arguments are valid.</param>
internal sealed record ParsedArguments(Dictionary<string, JsonElement> Values, IReadOnlyList<string> Ignored, ArgumentError? Refusal);
