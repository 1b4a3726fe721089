namespace McpImageGen.Contracts.Models;

/// <summary>A text-to-image model, with the name that MCP clients use and the parameters that it supports.</summary>
/// <param name="Name">The public name, for example <c>flux-schnell</c>.</param>
/// <param name="EstimatedSeconds">The usual time to generate one image, in seconds; a hint, not a limit.</param>
public sealed record ImageModel(string Name, int EstimatedSeconds)
{
    public const string FluxSchnell = "flux-schnell";
    public const string SdxlLightning = "sdxl-lightning";
    public const string SdxlBase = "sdxl-base";
    public const string Dreamshaper = "dreamshaper";
    public const string LucidOrigin = "lucid-origin";
    public const string Phoenix = "phoenix";
    public const string Flux2Dev = "flux-2-dev";
    public const string Flux2Klein4B = "flux-2-klein-4b";
    public const string Flux2Klein9B = "flux-2-klein-9b";

    /// <summary>All supported models.</summary>
    public static IReadOnlyList<ImageModel> All => ModelCatalogue.All;

    /// <summary>The model's strengths, in a few words.</summary>
    public required string Description { get; init; }

    /// <summary>The parameters that callers can set in addition to the prompt.</summary>
    public required IReadOnlyList<ModelParameter> Parameters { get; init; }

    /// <summary>Values that this model always uses and that other models have as parameters.</summary>
    public GenerationParameters Fixed { get; init; } = GenerationParameters.ModelDefaults;

    /// <summary>The maximum number of input images; 0 if the model does not accept input images.</summary>
    public int InputImages { get; init; }

    /// <summary>
    /// The cost of one image according to Cloudflare's price list, in neurons, as a function of its parameters and number of input images;
    /// null if there is no list price.
    /// </summary>
    public Func<GenerationParameters, int, double>? Neurons { get; init; }

    /// <summary>The model with this name, or null. Names are case-sensitive.</summary>
    public static ImageModel? Find(string name) => All.FirstOrDefault(model => model.Name == name);

    /// <summary>The parameter with this name, or null if the model does not support it.</summary>
    public ModelParameter? Parameter(string name) => Parameters.FirstOrDefault(parameter => parameter.Name == name);
}
