using System.Text.Json;

namespace McpImageGen.McpApi.Tools;

/// <summary>What one argument may be, by the part of the tool's JSON schema that speaks of it.</summary>
internal sealed record ArgumentRule(string Label, string Type, JsonElement Schema)
{
    private const int MostShown = 60;

    public static ArgumentRule Of(string name, JsonElement schema) => Labelled($"'{name}'", schema);

    /// <summary>What is allowed, in words: <c>an integer from 1 to 20</c>.</summary>
    public string Allowed => Type switch
    {
        "string" when Schema.TryGetProperty("enum", out var values) => "one of " + string.Join(", ", values.EnumerateArray()),
        "string" when Schema.TryGetProperty("format", out var format) && format.ValueEquals("uuid") => "a job id, a UUID as generate_image returned it",
        "string" when Number("maxLength") is { } most => $"a text of {Number("minLength") ?? 0} to {most} characters",
        "string" => "a text",
        "integer" => "an integer" + Range,
        "number" => "a number" + Range,
        "boolean" => "true or false",
        "array" when Number("maxItems") is { } most => $"a list of {Number("minItems") ?? 0} to {most} items, each {Items.Allowed}",
        "array" => $"a list, each {Items.Allowed}",
        _ => "a " + Type,
    };

    private string Range => (Number("minimum"), Number("maximum")) switch
    {
        ({ } least, { } most) => $" from {least} to {most}",
        ({ } least, null) => $", at least {least}",
        (null, { } most) => $", at most {most}",
        _ => "",
    };

    private ArgumentRule Items => Labelled($"each item of {Label}", Schema.GetProperty("items"));

    /// <summary>What is wrong with a value, or null when nothing is.</summary>
    public string? Refusal(JsonElement value) => Type switch
    {
        "string" when value.ValueKind == JsonValueKind.String => RefusalOfText(value.GetString()!),
        "integer" or "number" when value.ValueKind == JsonValueKind.Number => Accepts(value) ? null : Wrong(value),
        "boolean" when value.ValueKind is JsonValueKind.True or JsonValueKind.False => null,
        "array" when value.ValueKind == JsonValueKind.Array => RefusalOfList(value),
        _ => Wrong(value),
    };

    private string? RefusalOfText(string text)
    {
        if (Schema.TryGetProperty("enum", out var values))
            return values.EnumerateArray().Any(value => value.ValueEquals(text)) ? null : Wrong(text);
        if (Schema.TryGetProperty("format", out var format) && format.ValueEquals("uuid"))
            return Guid.TryParseExact(text, "D", out _) ? null : Wrong(text);
        if (text.Contains('\0', StringComparison.Ordinal))
            return $"{Label} must not hold the character U+0000.";
        if (text.Length > (Number("maxLength") ?? int.MaxValue))
            return $"{Label} must be {Allowed}, but has {text.Length}.";
        if (Number("minLength") is { } least && text.Trim().Length < least)
            return text.Length < least
                ? $"{Label} must be {Allowed}, but has {text.Length}."
                : $"{Label} must be {Allowed}, not counting spaces around it, but has {text.Trim().Length}.";
        return null;
    }

    private string? RefusalOfList(JsonElement list)
    {
        var count = list.GetArrayLength();
        if (count < (Number("minItems") ?? 0) || count > (Number("maxItems") ?? int.MaxValue))
            return $"{Label} must be {Allowed}, but has {count}.";
        return list.EnumerateArray().Select(Items.Refusal).FirstOrDefault(reason => reason is not null);
    }

    private bool Accepts(JsonElement value)
    {
        var isInRange = value.TryGetDouble(out var number)
            && number >= (Number("minimum") ?? double.MinValue)
            && number <= (Number("maximum") ?? double.MaxValue);
        return isInRange && (Type != "integer" || value.TryGetInt64(out _));
    }

    private static ArgumentRule Labelled(string label, JsonElement schema) => new(label, TypeOf(schema), schema);

    private string Wrong(JsonElement value) => $"{Label} must be {Allowed}, but was {Shown(value.GetRawText())}.";

    private string Wrong(string text) => $"{Label} must be {Allowed}, but was \"{Shown(text)}\".";

    private double? Number(string keyword) =>
        Schema.TryGetProperty(keyword, out var value) && value.TryGetDouble(out var number) ? number : null;

    private static string Shown(string text) => text.Length <= MostShown ? text : string.Concat(text.AsSpan(0, MostShown), "…");

    /// <summary>The type; of one that may also be null, the other. Absent and null are the same.</summary>
    private static string TypeOf(JsonElement schema)
    {
        if (!schema.TryGetProperty("type", out var type))
            return "string";
        return type.ValueKind == JsonValueKind.Array
            ? type.EnumerateArray().Select(name => name.GetString()!).First(name => name != "null")
            : type.GetString()!;
    }
}
