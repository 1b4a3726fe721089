namespace McpImageGen.Contracts;

/// <summary>An optional parameter of a model.</summary>
/// <param name="Name">The name that callers use, one of the constants here.</param>
/// <param name="Minimum">The minimum value; for text, the minimum number of characters.</param>
/// <param name="Maximum">The maximum value; for text, the maximum number of characters.</param>
/// <param name="Default">The value that the model uses if none is given; null if the model chooses it, for example a random seed.</param>
public sealed record ModelParameter(string Name, double Minimum, double Maximum, double? Default = null)
{
    public const string Seed = "seed";
    public const string Width = "width";
    public const string Height = "height";
    public const string Steps = "steps";
    public const string NegativePrompt = "negative_prompt";
    public const string Guidance = "guidance";

    /// <summary><c>integer</c>, <c>number</c> or <c>text</c>.</summary>
    public string Type => Name switch { NegativePrompt => "text", Guidance => "number", _ => "integer" };

    /// <summary>The name with its range, for example <c>steps 1 to 8</c>.</summary>
    public string InWords => Type == "text" ? $"{Name} of {Minimum} to {Maximum} characters" : $"{Name} {Minimum} to {Maximum}";
}
