namespace McpImageGen.Contracts;

/// <summary>A text-to-image model by the name that MCP clients use, and all that callers may ask of it.</summary>
/// <param name="Name">The public name, for instance <c>flux-schnell</c>.</param>
/// <param name="EstimatedSeconds">How long one image usually takes, in seconds; a hint, never a limit.</param>
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

    /// <summary>Every model that a caller can name.</summary>
    public static IReadOnlyList<ImageModel> All => ModelCatalogue.All;

    /// <summary>What it is good for, in a few words.</summary>
    public required string Description { get; init; }

    /// <summary>What callers may set beside the prompt.</summary>
    public required IReadOnlyList<ModelParameter> Parameters { get; init; }

    /// <summary>What the model always does where others have a parameter.</summary>
    public GenerationParameters Fixed { get; init; } = GenerationParameters.ModelDefaults;

    /// <summary>How many images it can start from beside the prompt; 0 where it takes none.</summary>
    public int InputImages { get; init; }

    /// <summary>
    /// What an image costs by Cloudflare's price list, in neurons, by its parameters and by how many images it starts from;
    /// null where there is no price.
    /// </summary>
    public Func<GenerationParameters, int, double>? Neurons { get; init; }

    /// <summary>The model of that name, or null. Names are case-sensitive.</summary>
    public static ImageModel? Find(string name) => All.FirstOrDefault(model => model.Name == name);

    /// <summary>The parameter of that name, or null where the model does not take it.</summary>
    public ModelParameter? Parameter(string name) => Parameters.FirstOrDefault(parameter => parameter.Name == name);
}
