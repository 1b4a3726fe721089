namespace McpImageGen.Contracts;

/// <summary>A text-to-image model by the name that MCP clients use.</summary>
/// <param name="Name">The public name, for instance <c>flux-schnell</c>.</param>
/// <param name="Summary">One sentence for a person or a model that has to choose.</param>
/// <param name="EstimatedSeconds">How long one image usually takes, in seconds; a hint, never a limit.</param>
public sealed record ImageModel(string Name, string Summary, int EstimatedSeconds)
{
    public static ImageModel FluxSchnell { get; } =
        new("flux-schnell", "fast and good at following the prompt; 1024×1024", 5);

    public static ImageModel SdxlLightning { get; } =
        new("sdxl-lightning", "fast Stable Diffusion XL, good for photographic images", 8);

    public static ImageModel SdxlBase { get; } =
        new("sdxl-base", "slower Stable Diffusion XL with the finest detail", 15);

    /// <summary>Every model that a caller can name, the default first.</summary>
    public static IReadOnlyList<ImageModel> All { get; } = [FluxSchnell, SdxlLightning, SdxlBase];

    /// <summary>The model of a call that names none.</summary>
    public static ImageModel Default => FluxSchnell;

    /// <summary>The model of that name, or null. Names are case-sensitive.</summary>
    public static ImageModel? Find(string name) => All.FirstOrDefault(model => model.Name == name);
}
