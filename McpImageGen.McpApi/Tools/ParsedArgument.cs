using System.Text.Json;

namespace McpImageGen.McpApi.Tools;

/// <summary>The result of reading one argument.</summary>
/// <param name="Value">The value in the form that the tool expects; null if the argument is omitted or invalid.</param>
/// <param name="Refusal">What is wrong with the value and what is allowed; null if the value is valid.</param>
internal readonly record struct ParsedArgument(JsonElement? Value, string? Refusal)
{
    public static ParsedArgument LeftOut => default;

    public static ParsedArgument Of<T>(T value) => new(JsonSerializer.SerializeToElement(value), null);

    public static ParsedArgument Refused(string reason) => new(null, reason);
}
