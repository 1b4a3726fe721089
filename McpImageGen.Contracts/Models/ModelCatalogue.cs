using static McpImageGen.Contracts.ParameterName;

namespace McpImageGen.Contracts.Models;

/// <summary>
/// The models, from Cloudflare's model pages and price list. Ranges and defaults are Cloudflare's; where Cloudflare gives no range, the range
/// is one that every model of the kind accepts. A width or height of 0, which two models allow, is excluded: its effect is not documented.
/// </summary>
internal static class ModelCatalogue
{
    private static readonly ModelParameter AnySeed = new(Seed, 0, int.MaxValue);
    private static readonly ModelParameter AnyNegativePrompt = new(NegativePrompt, 1, 1000);

    private static readonly ModelParameter[] StableDiffusion =
    [
        AnyNegativePrompt, new(Width, 256, 2048), new(Height, 256, 2048), new(Steps, 1, 20, 20), new(Guidance, 0, 20, 7.5), AnySeed,
    ];

    private static readonly ModelParameter[] Flux2 =
        [new(Width, 256, 1920, 1024), new(Height, 256, 1920, 768), new(Guidance, 0, 20), AnySeed];

    public static IReadOnlyList<ImageModel> All { get; } =
    [
        new(ImageModel.FluxSchnell, 5)
        {
            Description = "fast, follows the prompt well",
            Parameters = [new(Steps, 1, 8, 4), AnySeed],
            Fixed = new GenerationParameters(Width: 1024, Height: 1024),
            // Cloudflare does not document whether the price per step applies to each tile.
            Neurons = (parameters, _) => (4 * 4.80) + ((parameters.Steps ?? 4) * 9.60),
        },
        new(ImageModel.SdxlLightning, 8)
        {
            Description = "fast, photographic",
            Parameters = StableDiffusion,
            Neurons = (_, _) => 0, // free during its beta
        },
        new(ImageModel.SdxlBase, 15) { Description = "slower, finest detail", Parameters = StableDiffusion },
        new(ImageModel.Dreamshaper, 8) { Description = "fast, photorealistic and painterly", Parameters = StableDiffusion },
        new(ImageModel.LucidOrigin, 15)
        {
            Description = "follows the prompt closely, renders text, many styles",
            Parameters = [new(Width, 1, 2500, 1120), new(Height, 1, 2500, 1120), new(Steps, 1, 40), new(Guidance, 0, 10, 4.5), AnySeed],
            Neurons = (parameters, _) => (636 * Tiles(parameters, 1120, 1120)) + (12 * (parameters.Steps ?? UsualSteps)),
        },
        new(ImageModel.Phoenix, 15)
        {
            Description = "follows the prompt closely, renders text",
            Parameters =
            [
                AnyNegativePrompt, new(Width, 1, 2048, 1024), new(Height, 1, 2048, 1024), new(Steps, 1, 50, 25), new(Guidance, 2, 10, 2), AnySeed,
            ],
            Neurons = (parameters, _) => (530 * Tiles(parameters, 1024, 1024)) + (10 * (parameters.Steps ?? 25)),
        },
        new(ImageModel.Flux2Dev, 30)
        {
            Description = "best quality, slow; accepts input images",
            Parameters = [.. Flux2, new(Steps, 1, 50)],
            InputImages = 4,
            Neurons = (parameters, images) =>
                ((18.75 * images) + (37.50 * Tiles(parameters, 1024, 768))) * (parameters.Steps ?? UsualSteps),
        },
        new(ImageModel.Flux2Klein4B, 5)
        {
            Description = "fast; accepts input images",
            Parameters = Flux2,
            Fixed = new GenerationParameters(Steps: 4),
            InputImages = 4,
            Neurons = (parameters, images) => (5.37 * images) + (26.05 * Tiles(parameters, 1024, 768)),
        },
        new(ImageModel.Flux2Klein9B, 8)
        {
            Description = "more detail than flux-2-klein-4b; accepts input images",
            Parameters = Flux2,
            Fixed = new GenerationParameters(Steps: 4),
            InputImages = 4,
            Neurons = (parameters, _) => 1363.64 + (181.82 * (Math.Ceiling(Megapixels(parameters)) - 1)),
        },
    ];

    /// <summary>The number of steps used in prices of models for which Cloudflare documents no default.</summary>
    private const int UsualSteps = 25;

    /// <summary>The number of tiles of 512 × 512 pixels, rounded up. An input image is smaller than that and counts as one tile.</summary>
    private static int Tiles(GenerationParameters parameters, int width, int height) =>
        ((parameters.Width ?? width) + 511) / 512 * (((parameters.Height ?? height) + 511) / 512);

    private static double Megapixels(GenerationParameters parameters) =>
        (parameters.Width ?? 1024) * (parameters.Height ?? 768) / (1024.0 * 1024.0);
}
