namespace McpImageGen.Contracts;

/// <summary>
/// The optional parameters of a generation. Null means the model's own default.
/// <see cref="ImageModel.Parameters"/> lists the parameters and ranges of each model.
/// </summary>
/// <param name="Seed">The same seed gives the same image. 0 or greater.</param>
/// <param name="Width">Width in pixels.</param>
/// <param name="Height">Height in pixels.</param>
/// <param name="Steps">Number of diffusion steps; more steps take longer and add detail.</param>
/// <param name="NegativePrompt">What the image must not show.</param>
/// <param name="Guidance">How closely the image follows the prompt.</param>
public sealed record GenerationParameters(
    long? Seed = null,
    int? Width = null,
    int? Height = null,
    int? Steps = null,
    string? NegativePrompt = null,
    double? Guidance = null)
{
    /// <summary>All parameters have the model's default.</summary>
    public static GenerationParameters ModelDefaults { get; } = new();

    /// <summary>The parameters that are set, by the names that callers use. Values are numbers or strings.</summary>
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
