namespace McpImageGen.McpApi.Application;

/// <summary>The rule for a text of limited length.</summary>
/// <param name="Min">The minimum number of characters.</param>
/// <param name="Max">The maximum number of characters.</param>
internal readonly record struct TextRule(double Min, double Max)
{
    /// <summary>Providers limit the code units, and some characters that a person sees have a dozen of them.</summary>
    private const int MaxUnitsPerCharacter = 2;

    /// <summary>A description of the allowed values.</summary>
    public string Allowed => $"a string of {Min} to {Max} characters";

    /// <summary>What is wrong with the text; null if it is valid.</summary>
    /// <param name="label">How the message refers to the text.</param>
    /// <param name="text">The text.</param>
    public string? ErrorIn(string label, string text)
    {
        if (text.Contains('\0', StringComparison.Ordinal))
            return $"{label} must not contain the character U+0000.";
        var length = TextLength.Of(text);
        if (length > Max)
            return $"{label} must be {Allowed}, but has {length} characters.";
        if (text.Length > Max * MaxUnitsPerCharacter)
            return $"{label} must be {Allowed} and at most {Max * MaxUnitsPerCharacter} UTF-16 code units, but has {text.Length}.";
        var visible = TextLength.Visible(text);
        if (visible >= (TextLength.IsLatin(text) ? Min : Math.Min(1, Min)))
            return null;
        return length < Min && length == visible
            ? $"{label} must be {Allowed}, but has {length} characters."
            : $"{label} must be {Allowed}, not counting leading and trailing spaces, but has {visible} characters.";
    }
}
