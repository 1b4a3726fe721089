namespace McpImageGen.Contracts;

/// <summary>A parameter that a model takes beside the prompt.</summary>
/// <param name="Name">The name that callers use, one of the constants here.</param>
/// <param name="Least">The lowest value; of a text, the fewest characters.</param>
/// <param name="Most">The highest value; of a text, the most characters.</param>
/// <param name="Default">What the model takes where nothing is said; null where that is its own affair, as a seed is.</param>
public sealed record ModelParameter(string Name, double Least, double Most, double? Default = null)
{
    public const string Seed = "seed";
    public const string Width = "width";
    public const string Height = "height";
    public const string Steps = "steps";
    public const string NegativePrompt = "negative_prompt";
    public const string Guidance = "guidance";

    /// <summary><c>integer</c>, <c>number</c> or <c>text</c>.</summary>
    public string Type => Name switch { NegativePrompt => "text", Guidance => "number", _ => "integer" };

    /// <summary>What it may be: <c>steps 1 to 8</c>.</summary>
    public string InWords => Type == "text" ? $"{Name} of {Least} to {Most} characters" : $"{Name} {Least} to {Most}";
}
