using System.Text.Json;

namespace McpImageGen.McpApi.Arguments;

/// <summary>The result of reading one argument.</summary>
/// <param name="Value">The value in the form that the tool expects; null if the argument is omitted or invalid.</param>
/// <param name="Error">What is wrong with the value and what is allowed; null if the value is valid.</param>
internal readonly record struct ParsedArgument(JsonElement? Value, string? Error)
{
    public static ParsedArgument Omitted => default;

    public static ParsedArgument Of<T>(T value) => new(JsonSerializer.SerializeToElement(value), null);

    public static ParsedArgument Invalid(string error) => new(null, error);
}
