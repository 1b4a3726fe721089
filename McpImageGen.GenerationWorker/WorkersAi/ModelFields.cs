using McpImageGen.Contracts;

namespace McpImageGen.GenerationWorker.WorkersAi;

/// <summary>
/// What a model calls each parameter; null is a parameter that it does not take. Models refuse unknown fields, or worse,
/// ignore them, so that what is not named here is never sent. Source: Cloudflare's model schemas.
/// </summary>
public sealed record ModelFields
{
    public string? Seed { get; init; }
    public string? Width { get; init; }
    public string? Height { get; init; }
    public string? Steps { get; init; }
    public string? NegativePrompt { get; init; }
    public string? Guidance { get; init; }

    /// <summary>What is set of the parameters, by the model's own names. All of it is taken.</summary>
    internal IEnumerable<KeyValuePair<string, object>> Of(GenerationParameters parameters) =>
        parameters.ByName().Select(parameter => KeyValuePair.Create(FieldOf(parameter.Key)!, parameter.Value));

    /// <summary>The first parameter that is set but not taken, by the name that callers know, or null.</summary>
    internal string? FirstNotTaken(GenerationParameters parameters) =>
        (from parameter in parameters.ByName()
         // JSON has no such numbers.
         where FieldOf(parameter.Key) is null || parameter.Value is double.NaN or double.PositiveInfinity or double.NegativeInfinity
         select parameter.Key).FirstOrDefault();

    /// <summary>The model's name for a parameter that callers know by another; null where it does not take it.</summary>
    internal string? FieldOf(string parameter) => parameter switch
    {
        ModelParameter.Seed => Seed,
        ModelParameter.Width => Width,
        ModelParameter.Height => Height,
        ModelParameter.Steps => Steps,
        ModelParameter.NegativePrompt => NegativePrompt,
        ModelParameter.Guidance => Guidance,
        _ => null,
    };
}
