using McpImageGen.Contracts;

namespace McpImageGen.GenerationWorker.WorkersAi;

/// <summary>
/// A model's name for each parameter; null if the model does not support it. Models reject unknown fields or silently ignore them,
/// so parameters that are not named here are never sent. Source: Cloudflare's model schemas.
/// </summary>
public sealed record ModelFields
{
    public string? Seed { get; init; }
    public string? Width { get; init; }
    public string? Height { get; init; }
    public string? Steps { get; init; }
    public string? NegativePrompt { get; init; }
    public string? Guidance { get; init; }

    /// <summary>The parameters that are set, under the model's names. All of them must be supported.</summary>
    internal IEnumerable<KeyValuePair<string, object>> Of(GenerationParameters parameters) =>
        parameters.ByName().Select(parameter => KeyValuePair.Create(FieldOf(parameter.Key)!, parameter.Value));

    /// <summary>The public name of the first parameter that is set but not supported, or null.</summary>
    internal string? FirstNotTaken(GenerationParameters parameters) =>
        (from parameter in parameters.ByName()
         // JSON cannot represent these numbers.
         where FieldOf(parameter.Key) is null || parameter.Value is double.NaN or double.PositiveInfinity or double.NegativeInfinity
         select parameter.Key).FirstOrDefault();

    /// <summary>The model's name for a parameter, given its public name; null if the model does not support it.</summary>
    internal string? FieldOf(string parameter) => parameter switch
    {
        ParameterName.Seed => Seed,
        ParameterName.Width => Width,
        ParameterName.Height => Height,
        ParameterName.Steps => Steps,
        ParameterName.NegativePrompt => NegativePrompt,
        ParameterName.Guidance => Guidance,
        _ => null,
    };
}
