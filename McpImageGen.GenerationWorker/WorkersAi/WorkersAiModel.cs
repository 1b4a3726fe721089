using McpImageGen.Contracts;

namespace McpImageGen.GenerationWorker.WorkersAi;

/// <summary>
/// All that differs between models, one entry each. A model is added here and in <see cref="ImageModel"/>; one that takes
/// multipart/form-data needs a second form of request beside <see cref="JsonRequest"/>. The response needs no entry: it is told
/// from its bytes.
/// </summary>
/// <param name="Name">The public name, as in <see cref="ImageModel"/>.</param>
/// <param name="Id">Cloudflare's id.</param>
/// <param name="Fields">The parameters that the model takes, by its own names.</param>
/// <param name="CreateContent">Forms the body of a request of which every set parameter is taken.</param>
/// <param name="Neurons">What an image costs by Cloudflare's price list, for answers that do not say it; null where it has no price.</param>
public sealed record WorkersAiModel(
    string Name,
    string Id,
    ModelFields Fields,
    Func<GenerateImage, ModelFields, HttpContent> CreateContent,
    Func<GenerationParameters, double>? Neurons)
{
    private static readonly ModelFields StableDiffusionFields = new()
    {
        Seed = "seed",
        Width = "width",
        Height = "height",
        Steps = "num_steps",
        NegativePrompt = "negative_prompt",
        Guidance = "guidance",
    };

    public static IReadOnlyList<WorkersAiModel> All { get; } =
    [
        new(ImageModel.FluxSchnell,
            "@cf/black-forest-labs/flux-1-schnell",
            new ModelFields { Steps = "steps" },
            JsonRequest.Create,
            // Always 1024×1024, four tiles of 512×512. Whether the price of a step is meant per tile is not documented.
            parameters => 4 * 4.80 + (parameters.Steps ?? 4) * 9.60),
        new(ImageModel.SdxlLightning,
            "@cf/bytedance/stable-diffusion-xl-lightning",
            StableDiffusionFields,
            JsonRequest.Create,
            _ => 0), // in beta, and free
        new(ImageModel.SdxlBase,
            "@cf/stabilityai/stable-diffusion-xl-base-1.0",
            StableDiffusionFields,
            JsonRequest.Create,
            Neurons: null),
    ];

    public static WorkersAiModel? Find(string name) => All.FirstOrDefault(model => model.Name == name);
}
