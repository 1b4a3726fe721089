using System.ComponentModel.DataAnnotations.Schema;
using System.Text.Json.Serialization;

namespace McpImageGen.Contracts;

/// <summary>
/// The optional parameters of a generation. Null means the model's own default.
/// <c>ImageModel.Parameters</c> lists the parameters and ranges of each model.
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

    /// <summary>
    /// The shape of the image, for example <c>16:9</c>. Only in requests: the parameters of a job have the width and height instead.
    /// </summary>
    [NotMapped, JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? AspectRatio { get; init; }

    /// <summary>The parameters that are set, by the names that callers use. Values are numbers or strings.</summary>
    public IEnumerable<KeyValuePair<string, object>> ByName() =>
        from parameter in new KeyValuePair<string, object?>[]
        {
            new(ParameterName.NegativePrompt, NegativePrompt),
            new(ParameterName.AspectRatio, AspectRatio),
            new(ParameterName.Width, Width),
            new(ParameterName.Height, Height),
            new(ParameterName.Steps, Steps),
            new(ParameterName.Guidance, Guidance),
            new(ParameterName.Seed, Seed),
        }
        where parameter.Value is not null
        select KeyValuePair.Create(parameter.Key, parameter.Value!);

    /// <summary>The parameters with the values that the functions return for their names; null for a parameter that is not set.</summary>
    public static GenerationParameters FromNames(Func<string, int?> whole, Func<string, double?> number, Func<string, string?> text) => new(
        Seed: whole(ParameterName.Seed),
        Width: whole(ParameterName.Width),
        Height: whole(ParameterName.Height),
        Steps: whole(ParameterName.Steps),
        NegativePrompt: text(ParameterName.NegativePrompt),
        Guidance: number(ParameterName.Guidance))
    {
        AspectRatio = text(ParameterName.AspectRatio),
    };
}

/// <summary>The names of the parameters, as callers use them.</summary>
public static class ParameterName
{
    public const string Seed = "seed";
    public const string Width = "width";
    public const string Height = "height";
    public const string Steps = "steps";
    public const string AspectRatio = "aspect_ratio";
    public const string NegativePrompt = "negative_prompt";
    public const string Guidance = "guidance";
}
