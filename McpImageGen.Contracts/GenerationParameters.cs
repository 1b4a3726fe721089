namespace McpImageGen.Contracts;

/// <summary>
/// What a caller may ask of a model beside the prompt. Null means the model's own default.
/// Which model takes what, and from where to where: <see cref="ImageModel.Parameters"/>.
/// </summary>
/// <param name="Seed">The same seed gives the same image; at least 0.</param>
/// <param name="Width">Pixels.</param>
/// <param name="Height">Pixels.</param>
/// <param name="Steps">Diffusion steps; more are slower and finer.</param>
/// <param name="NegativePrompt">What the image should not show.</param>
/// <param name="Guidance">How closely the image follows the prompt.</param>
public sealed record GenerationParameters(
    long? Seed = null,
    int? Width = null,
    int? Height = null,
    int? Steps = null,
    string? NegativePrompt = null,
    double? Guidance = null)
{
    /// <summary>Everything left to the model.</summary>
    public static GenerationParameters ModelDefaults { get; } = new();

    /// <summary>What is set, by the names that callers use: numbers and a text.</summary>
    public IEnumerable<KeyValuePair<string, object>> ByName() =>
        from parameter in new KeyValuePair<string, object?>[]
        {
            new(ModelParameter.NegativePrompt, NegativePrompt),
            new(ModelParameter.Width, Width),
            new(ModelParameter.Height, Height),
            new(ModelParameter.Steps, Steps),
            new(ModelParameter.Guidance, Guidance),
            new(ModelParameter.Seed, Seed),
        }
        where parameter.Value is not null
        select KeyValuePair.Create(parameter.Key, parameter.Value!);
}
