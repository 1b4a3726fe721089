using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using McpImageGen.Contracts;
using McpImageGen.McpApi.Application;

namespace McpImageGen.McpApi.Tools;

/// <summary>
/// The arguments about the image that every generating tool has. The limits are the widest of all models: <see cref="GenerationRules"/>
/// checks those of the chosen model.
/// </summary>
internal record ImageArguments
{
    [JsonPropertyName(ParameterName.Seed), Description("Same seed, same image. Default: random."), Range(0, int.MaxValue)]
    public long? Seed { get; init; }

    [JsonPropertyName(ParameterName.AspectRatio), AspectRatios, Description("Not with width or height.")]
    public string? AspectRatio { get; init; }

    [JsonPropertyName(ParameterName.Width), Description("Pixels."), Range(1, 2500)]
    public int? Width { get; init; }

    [JsonPropertyName(ParameterName.Height), Description("Pixels."), Range(1, 2500)]
    public int? Height { get; init; }

    [JsonPropertyName(ParameterName.Steps), Description("More steps: slower, more detail."), Range(1, 50)]
    public int? Steps { get; init; }

    [JsonPropertyName(ParameterName.Guidance), Description("How closely to follow the prompt."), Range(0.0, 20.0)]
    public double? Guidance { get; init; }

    public virtual GenerationParameters ToParameters() => new(Seed, Width, Height, Steps, Guidance: Guidance) { AspectRatio = AspectRatio };
}

/// <summary>Allows the names of all aspect ratios.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class AspectRatiosAttribute() : AllowedValuesAttribute([.. AspectRatio.All.Select(ratio => ratio.Name)]);

/// <summary>The arguments about an image that is generated from a prompt alone. No model that starts from images accepts a negative prompt.</summary>
internal sealed record NewImageArguments : ImageArguments
{
    [JsonPropertyName(ParameterName.NegativePrompt), Description("What the image must not show."), StringLength(1000, MinimumLength = 1)]
    public string? NegativePrompt { get; init; }

    public override GenerationParameters ToParameters() => base.ToParameters() with { NegativePrompt = NegativePrompt };
}
