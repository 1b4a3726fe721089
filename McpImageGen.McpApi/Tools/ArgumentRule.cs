using System.Text.Json;

namespace McpImageGen.McpApi.Tools;

/// <summary>The values that one tool argument accepts, according to its JSON schema, and how values that clients send are interpreted.</summary>
/// <param name="Name">The name of the argument; for the items of a list, the name of the list.</param>
/// <param name="Label">How error messages refer to it.</param>
/// <param name="Type">The JSON schema type, ignoring null.</param>
/// <param name="Schema">The JSON schema that is generated from the tool's method.</param>
/// <param name="IsRequired">False if the argument can be omitted.</param>
internal sealed record ArgumentRule(string Name, string Label, string Type, JsonElement Schema, bool IsRequired)
{
    private const int MostShown = 60;

    /// <summary>Providers limit the code units, and some characters that a person sees have a dozen of them.</summary>
    private const int MostUnitsOfACharacter = 2;

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
        "string" when Number("maxLength") is { } most => $"a string of {Number("minLength") ?? 0} to {most} characters",
        "string" => "a string",
        "integer" => "an integer" + Range,
        "number" => "a number" + Range,
        "boolean" => "true or false",
        "array" when Number("maxItems") is { } most => $"a list of {Number("minItems") ?? 0} to {most} items, each {Items.Allowed}",
        "array" => $"a list, each {Items.Allowed}",
        _ => "a " + Type,
    };

    private bool IsJobId => Schema.TryGetProperty("format", out var format) && format.ValueEquals("uuid");

    private string Range => (Number("minimum"), Number("maximum")) switch
    {
        ({ } least, { } most) => $" from {least} to {most}",
        ({ } least, null) => $", at least {least}",
        (null, { } most) => $", at most {most}",
        _ => "",
    };

    /// <summary>The number that a schema keyword has; null if the keyword is absent.</summary>
    public double? Number(string keyword) => Schema.TryGetProperty(keyword, out var value) && value.TryGetDouble(out var number) ? number : null;

    /// <summary>
    /// Interprets a value that a client sends. Models and forms often send null, an empty string or an empty list for an omitted argument, and
    /// numbers, booleans and lists as strings.
    /// </summary>
    public ArgumentReading Read(JsonElement sent)
    {
        var meant = Type == "string" ? sent : SentValue.Unquoted(sent);
        if (meant.ValueKind == JsonValueKind.Null || (!IsRequired && SentValue.IsEmpty(sent)))
            return ArgumentReading.LeftOut;
        return (Type, meant.ValueKind) switch
        {
            ("string", JsonValueKind.String) => ReadText(meant.GetString()!),
            ("integer", JsonValueKind.Number) when SentValue.TryGetWhole(meant, out var whole) && IsInRange(meant) => ArgumentReading.Of(whole),
            ("number", JsonValueKind.Number) when IsInRange(meant) => ArgumentReading.Of(meant),
            ("boolean", JsonValueKind.True or JsonValueKind.False) => ArgumentReading.Of(meant),
            ("array", JsonValueKind.Array) => ReadList(meant),
            _ => Wrong(sent),
        };
    }

    private ArgumentReading ReadText(string text)
    {
        if (Values is { } values)
            return values.EnumerateArray().Any(value => value.ValueEquals(text)) ? ArgumentReading.Of(text) : Wrong(text);
        if (IsJobId)
            return Guid.TryParseExact(text, "D", out var id) ? ArgumentReading.Of(id) : Wrong(text);
        if (text.Contains('\0', StringComparison.Ordinal))
            return ArgumentReading.Refused($"{Label} must not contain the character U+0000.");
        var length = TextLength.Of(text);
        if (Number("maxLength") is { } most && (length > most || text.Length > most * MostUnitsOfACharacter))
        {
            return ArgumentReading.Refused(length > most
                ? $"{Label} must be {Allowed}, but has {length} characters."
                : $"{Label} must be {Allowed} and at most {most * MostUnitsOfACharacter} UTF-16 code units, but has {text.Length}.");
        }

        if (Number("minLength") is { } least && TextLength.Visible(text) is var visible && visible < (TextLength.IsLatin(text) ? least : Math.Min(1, least)))
        {
            return ArgumentReading.Refused(length < least && length == visible
                ? $"{Label} must be {Allowed}, but has {length} characters."
                : $"{Label} must be {Allowed}, not counting leading and trailing spaces, but has {visible} characters.");
        }

        return ArgumentReading.Of(text);
    }

    private ArgumentReading ReadList(JsonElement list)
    {
        var count = list.GetArrayLength();
        if (count < (Number("minItems") ?? 0) || count > (Number("maxItems") ?? int.MaxValue))
            return ArgumentReading.Refused($"{Label} must be {Allowed}, but has {count} items.");
        var items = new List<JsonElement>();
        foreach (var item in list.EnumerateArray())
        {
            var reading = Items.Read(item);
            if (reading.Value is not { } value)
                return reading.Refusal is null ? Items.Wrong(item) : reading;
            items.Add(value);
        }

        return ArgumentReading.Of(items);
    }

    private bool IsInRange(JsonElement value) => value.TryGetDouble(out var number)
        && number >= (Number("minimum") ?? double.MinValue)
        && number <= (Number("maximum") ?? double.MaxValue);

    private ArgumentReading Wrong(JsonElement value) => value.ValueKind == JsonValueKind.String
        ? Wrong(value.GetString()!)
        : ArgumentReading.Refused($"{Label} must be {Allowed}, but was {Shown(value.GetRawText())}.");

    private ArgumentReading Wrong(string text) => ArgumentReading.Refused($"{Label} must be {Allowed}, but was \"{Shown(text)}\".");

    private static string Shown(string text) => TextLength.Cut(text, MostShown) is var shown && shown.Length < text.Length ? shown + "…" : text;

    private static string TypeOf(JsonElement schema)
    {
        if (!schema.TryGetProperty("type", out var type))
            return "string";
        return type.ValueKind == JsonValueKind.Array
            ? type.EnumerateArray().Select(name => name.GetString()!).First(name => name != "null")
            : type.GetString()!;
    }
}
