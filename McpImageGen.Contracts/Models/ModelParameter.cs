namespace McpImageGen.Contracts.Models;

/// <summary>An optional parameter of a model.</summary>
/// <param name="Name">The name that callers use, one of <see cref="ParameterName"/>.</param>
/// <param name="Minimum">The minimum value; for text, the minimum number of characters.</param>
/// <param name="Maximum">The maximum value; for text, the maximum number of characters.</param>
/// <param name="Default">The value that the model uses if none is given; null if the model chooses it, for example a random seed.</param>
public sealed record ModelParameter(string Name, double Minimum, double Maximum, double? Default = null)
{
    /// <summary><c>integer</c>, <c>number</c> or <c>text</c>.</summary>
    public string Type => Name switch { ParameterName.NegativePrompt => "text", ParameterName.Guidance => "number", _ => "integer" };

    /// <summary>The name with its range, for example <c>steps 1 to 8</c>.</summary>
    public string InWords => Type == "text" ? $"{Name} of {Minimum} to {Maximum} characters" : $"{Name} {Minimum} to {Maximum}";
}
