using System.Text.Json;

namespace McpImageGen.McpApi.Tools;

/// <summary>What a client means by the value of one argument.</summary>
/// <param name="Value">The value as the tool takes it; null when the argument is left out, or refused.</param>
/// <param name="Refusal">What is wrong with the value and what is allowed; null when nothing is wrong.</param>
internal readonly record struct ArgumentReading(JsonElement? Value, string? Refusal)
{
    public static ArgumentReading LeftOut => default;

    public static ArgumentReading Of<T>(T value) => new(JsonSerializer.SerializeToElement(value), null);

    public static ArgumentReading Refused(string reason) => new(null, reason);
}
