using System.Text.Json;
using McpImageGen.McpApi.Application;

namespace McpImageGen.McpApi.Arguments;

/// <summary>The values that one tool argument accepts, according to its JSON schema, and how values that clients send are interpreted.</summary>
/// <param name="Name">The name of the argument; for the items of a list, the name of the list.</param>
/// <param name="Label">How error messages refer to it.</param>
/// <param name="Type">The JSON schema type, ignoring null.</param>
/// <param name="Schema">The JSON schema that is generated from the tool's method.</param>
/// <param name="IsRequired">False if the argument can be omitted.</param>
/// <param name="Group">The parameter of the tool's method that has it as a property; null if it is a parameter itself.</param>
internal sealed record ArgumentRule(string Name, string Label, string Type, JsonElement Schema, bool IsRequired, string? Group = null)
{
    private const int MaxShownLength = 60;

    public static ArgumentRule Of(string name, JsonElement schema, bool isRequired) => new(name, $"'{name}'", TypeOf(schema), schema, isRequired);

    public string Description => Schema.TryGetProperty("description", out var text) ? text.GetString()! : "";

    /// <summary>The default value; null if there is none.</summary>
    public JsonElement? Default => Schema.TryGetProperty("default", out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    /// <summary>The allowed strings; null if any string is allowed.</summary>
    public JsonElement? Values => Schema.TryGetProperty("enum", out var values) ? values : null;

    /// <summary>The rule for each item of a list.</summary>
    public ArgumentRule Items
    {
        get
        {
            var items = Schema.GetProperty("items");
            return new(Name, $"Each item of {Label}", TypeOf(items), items, IsRequired: true);
        }
    }

    /// <summary>A description of the allowed values, for example <c>an integer from 1 to 20</c>.</summary>
    public string Allowed => Type switch
    {
        "string" when Values is { } values => "one of " + string.Join(", ", values.EnumerateArray()),
        "string" when IsJobId => "a job id (UUID) returned by generate_image or edit_image",
        "string" when Schema.TryGetProperty("maxLength", out _) => Length.Allowed,
        "string" => "a string",
        "integer" => "an integer" + Range,
        "number" => "a number" + Range,
        "boolean" => "true or false",
        "array" when Number("maxItems") is { } max => $"a list of {Number("minItems") ?? 0} to {max} items, each {Items.Allowed}",
        "array" => $"a list, each {Items.Allowed}",
        _ => "a " + Type,
    };

    private bool IsJobId => Schema.TryGetProperty("format", out var format) && format.ValueEquals("uuid");

    private TextRule Length => new(Number("minLength") ?? 0, Number("maxLength") ?? double.MaxValue);

    private string Range => (Number("minimum"), Number("maximum")) switch
    {
        ({ } min, { } max) => $" from {min} to {max}",
        ({ } min, null) => $", at least {min}",
        (null, { } max) => $", at most {max}",
        _ => "",
    };

    /// <summary>The number that a schema keyword has; null if the keyword is absent.</summary>
    public double? Number(string keyword) => Schema.TryGetProperty(keyword, out var value) && value.TryGetDouble(out var number) ? number : null;

    /// <summary>
    /// Interprets a value that a client sends. Models and forms often send null, an empty string or an empty list for an omitted argument, and
    /// numbers, booleans and lists as strings.
    /// </summary>
    public ParsedArgument Read(JsonElement sent)
    {
        var meant = Type == "string" ? sent : SentValue.Unquoted(sent);
        if (meant.ValueKind == JsonValueKind.Null || (!IsRequired && SentValue.IsEmpty(sent)))
            return ParsedArgument.Omitted;
        return (Type, meant.ValueKind) switch
        {
            ("string", JsonValueKind.String) => ReadText(meant.GetString()!),
            ("integer", JsonValueKind.Number) when SentValue.TryGetWhole(meant, out var whole) && IsInRange(meant) => ParsedArgument.Of(whole),
            ("number", JsonValueKind.Number) when IsInRange(meant) => ParsedArgument.Of(meant),
            ("boolean", JsonValueKind.True or JsonValueKind.False) => ParsedArgument.Of(meant),
            ("array", JsonValueKind.Array) => ReadList(meant),
            _ => Invalid(sent),
        };
    }

    private ParsedArgument ReadText(string text)
    {
        if (Values is { } values)
            return values.EnumerateArray().Any(value => value.ValueEquals(text)) ? ParsedArgument.Of(text) : Invalid(text);
        if (IsJobId)
            return Guid.TryParseExact(text, "D", out var id) ? ParsedArgument.Of(id) : Invalid(text);
        return Length.ErrorIn(Label, text) is { } error ? ParsedArgument.Invalid(error) : ParsedArgument.Of(text);
    }

    private ParsedArgument ReadList(JsonElement list)
    {
        var count = list.GetArrayLength();
        if (count < (Number("minItems") ?? 0) || count > (Number("maxItems") ?? int.MaxValue))
            return ParsedArgument.Invalid($"{Label} must be {Allowed}, but has {count} items.");
        var items = new List<JsonElement>();
        foreach (var item in list.EnumerateArray())
        {
            var reading = Items.Read(item);
            if (reading.Value is not { } value)
                return reading.Error is null ? Items.Invalid(item) : reading;
            items.Add(value);
        }

        return ParsedArgument.Of(items);
    }

    private bool IsInRange(JsonElement value) => value.TryGetDouble(out var number)
        && number >= (Number("minimum") ?? double.MinValue)
        && number <= (Number("maximum") ?? double.MaxValue);

    private ParsedArgument Invalid(JsonElement value) => value.ValueKind == JsonValueKind.String
        ? Invalid(value.GetString()!)
        : ParsedArgument.Invalid($"{Label} must be {Allowed}, but was {Shown(value.GetRawText())}.");

    private ParsedArgument Invalid(string text) => ParsedArgument.Invalid($"{Label} must be {Allowed}, but was \"{Shown(text)}\".");

    private static string Shown(string text) => TextLength.Cut(text, MaxShownLength) is var shown && shown.Length < text.Length ? shown + "…" : text;

    private static string TypeOf(JsonElement schema)
    {
        if (!schema.TryGetProperty("type", out var type))
            return "string";
        return type.ValueKind == JsonValueKind.Array
            ? type.EnumerateArray().Select(name => name.GetString()!).First(name => name != "null")
            : type.GetString()!;
    }
}

/// <summary>The result of reading one argument.</summary>
/// <param name="Value">The value in the form that the tool expects; null if the argument is omitted or invalid.</param>
/// <param name="Error">What is wrong with the value and what is allowed; null if the value is valid.</param>
internal readonly record struct ParsedArgument(JsonElement? Value, string? Error)
{
    public static ParsedArgument Omitted => default;

    public static ParsedArgument Of<T>(T value) => new(JsonSerializer.SerializeToElement(value), null);

    public static ParsedArgument Invalid(string error) => new(null, error);
}
