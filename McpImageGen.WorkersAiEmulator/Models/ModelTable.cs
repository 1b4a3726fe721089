using SkiaSharp;

namespace McpImageGen.WorkersAiEmulator.Models;

/// <summary>Every text-to-image model, from Cloudflare's model pages.</summary>
internal static class ModelTable
{
    // Documented for flux-1-schnell; the other pages give no limit, and a caller that observes this one is safe with all models.
    private static readonly Field Prompt = Field.Text("prompt", 1, 2048, required: true);
    private static readonly Field NegativePrompt = Field.Text("negative_prompt", 0, 2048);
    private static readonly Field Seed = Field.Integer("seed");

    private static readonly Field[] StableDiffusion =
    [
        Prompt, NegativePrompt, Seed, Field.Integer("width", 256, 2048), Field.Integer("height", 256, 2048),
        Field.Integer("num_steps", 1, 20), Field.Number("guidance"),
    ];

    private static readonly Field[] Flux2 =
    [
        Prompt, Seed, Field.Integer("width", 256, 1920), Field.Integer("height", 256, 1920), Field.Number("guidance"),
        .. Enumerable.Range(0, 4).Select(number => Field.Image($"input_image_{number}", 512)),
    ];

    private static readonly Dictionary<string, EmulatedModel> ById = new EmulatedModel[]
    {
        new()
        {
            Id = "@cf/black-forest-labs/flux-1-schnell", Fields = [Prompt, Field.Integer("steps", 1, 8)],
            UndocumentedFields = [Seed], Steps = 4,
            Neurons = input => (4.80 * Tiles(input)) + (9.60 * input.Steps),
        },
        new()
        {
            // The schema says PNG, but JPEG has been observed: clients must check the magic bytes, not the header.
            Id = "@cf/bytedance/stable-diffusion-xl-lightning", Fields = StableDiffusion, Steps = 20, RawContentType = "image/png",
            Neurons = _ => 0,
        },
        new()
        {
            Id = "@cf/stabilityai/stable-diffusion-xl-base-1.0", Fields = StableDiffusion, Steps = 20, RawContentType = "image/png",
            Format = SKEncodedImageFormat.Png,
        },
        new()
        {
            Id = "@cf/lykon/dreamshaper-8-lcm", Fields = StableDiffusion, Steps = 20, RawContentType = "image/png",
            Format = SKEncodedImageFormat.Png,
        },
        new()
        {
            Id = "@cf/leonardo/lucid-origin", Steps = 25, Width = 1120, Height = 1120,
            Fields =
            [
                Prompt, Seed, Field.Number("guidance", 0, 10), Field.Integer("width", 0, 2500), Field.Integer("height", 0, 2500),
                Field.Integer("steps", 1, 40), Field.Integer("num_steps", 1, 40),
            ],
            Neurons = input => (636 * Tiles(input)) + (12 * input.Steps),
        },
        new()
        {
            Id = "@cf/leonardo/phoenix-1.0", Steps = 25, RawContentType = "image/jpeg",
            Fields =
            [
                Prompt, NegativePrompt, Seed, Field.Number("guidance", 2, 10), Field.Integer("width", 0, 2048),
                Field.Integer("height", 0, 2048), Field.Integer("num_steps", 1, 50),
            ],
            Neurons = input => (530 * Tiles(input)) + (10 * input.Steps),
        },
        new()
        {
            Id = "@cf/black-forest-labs/flux-2-dev", Multipart = true, Fields = [.. Flux2, Field.Integer("steps", 1, 50)], Steps = 25,
            Height = 768, Neurons = input => ((18.75 * input.InputImages) + (37.50 * Tiles(input))) * input.Steps,
        },
        new()
        {
            Id = "@cf/black-forest-labs/flux-2-klein-4b", Multipart = true, Fields = [.. Flux2, Field.Integer("steps", 4, 4)], Steps = 4,
            Height = 768, Neurons = input => (5.37 * input.InputImages) + (26.05 * Tiles(input)),
        },
        new()
        {
            Id = "@cf/black-forest-labs/flux-2-klein-9b", Multipart = true, Fields = [.. Flux2, Field.Integer("steps", 4, 4)], Steps = 4,
            Height = 768, Neurons = input => 1363.64 + (181.82 * (Math.Ceiling(input.Width * input.Height / (1024.0 * 1024.0)) - 1)),
        },
    }.ToDictionary(model => model.Id);

    public static IReadOnlyCollection<EmulatedModel> All => ById.Values;

    public static EmulatedModel? Find(string id) => ById.GetValueOrDefault(id);

    /// <summary>The number of tiles of 512 × 512 pixels, rounded up. An input image is smaller and counts as one tile.</summary>
    private static int Tiles(GenerationInput input) => (input.Width + 511) / 512 * ((input.Height + 511) / 512);
}
