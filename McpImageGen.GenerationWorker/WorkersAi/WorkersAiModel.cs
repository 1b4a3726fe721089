using McpImageGen.Contracts;
using McpImageGen.Contracts.Models;
using static McpImageGen.Contracts.ParameterName;

namespace McpImageGen.GenerationWorker.WorkersAi;

/// <summary>
/// How to call each model. To add a model, add an entry here and in <see cref="ImageModel"/>, which defines what callers may request.
/// The response format needs no entry: it is detected from the bytes.
/// </summary>
/// <param name="Name">The public name, as in <see cref="ImageModel"/>.</param>
/// <param name="Id">Cloudflare's id.</param>
/// <param name="Fields">The parameters that the model supports, under the model's names.</param>
/// <param name="CreateContent">
/// Creates the request body from the command and the JPEG input images. Every parameter that is set must be supported by the model.
/// </param>
public sealed record WorkersAiModel(
    string Name,
    string Id,
    ModelFields Fields,
    Func<GenerateImage, ModelFields, IReadOnlyList<byte[]>, HttpContent> CreateContent)
{
    private static readonly (string, string)[] LucidOrigin =
        [(Seed, "seed"), (Width, "width"), (Height, "height"), (Steps, "num_steps"), (Guidance, "guidance")];

    private static readonly (string, string)[] StableDiffusion = [.. LucidOrigin, (NegativePrompt, "negative_prompt")];

    private static readonly (string, string)[] Flux2 = [(Seed, "seed"), (Width, "width"), (Height, "height"), (Guidance, "guidance")];

    public static IReadOnlyList<WorkersAiModel> All { get; } =
    [
        new(ImageModel.FluxSchnell, "@cf/black-forest-labs/flux-1-schnell", new ModelFields((Seed, "seed"), (Steps, "steps")), JsonRequest.Create),
        new(ImageModel.SdxlLightning, "@cf/bytedance/stable-diffusion-xl-lightning", new ModelFields(StableDiffusion), JsonRequest.Create),
        new(ImageModel.SdxlBase, "@cf/stabilityai/stable-diffusion-xl-base-1.0", new ModelFields(StableDiffusion), JsonRequest.Create),
        new(ImageModel.Dreamshaper, "@cf/lykon/dreamshaper-8-lcm", new ModelFields(StableDiffusion), JsonRequest.Create),
        new(ImageModel.LucidOrigin, "@cf/leonardo/lucid-origin", new ModelFields(LucidOrigin), JsonRequest.Create),
        new(ImageModel.Phoenix, "@cf/leonardo/phoenix-1.0", new ModelFields(StableDiffusion), JsonRequest.Create),
        new(ImageModel.Flux2Dev, "@cf/black-forest-labs/flux-2-dev", new ModelFields([.. Flux2, (Steps, "steps")]), FormRequest.Create),
        new(ImageModel.Flux2Klein4B, "@cf/black-forest-labs/flux-2-klein-4b", new ModelFields(Flux2), FormRequest.Create),
        new(ImageModel.Flux2Klein9B, "@cf/black-forest-labs/flux-2-klein-9b", new ModelFields(Flux2), FormRequest.Create),
    ];

    public static WorkersAiModel? Find(string name) => All.FirstOrDefault(model => model.Name == name);
}
