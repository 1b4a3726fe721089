namespace McpImageGen.Contracts;

/// <summary>A text-to-image model by the name that MCP clients use.</summary>
/// <param name="Name">The public name, for instance <c>flux-schnell</c>.</param>
/// <param name="EstimatedSeconds">How long one image usually takes, in seconds; a hint, never a limit.</param>
public sealed record ImageModel(string Name, int EstimatedSeconds)
{
    public const string FluxSchnell = "flux-schnell";
    public const string SdxlLightning = "sdxl-lightning";
    public const string SdxlBase = "sdxl-base";

    /// <summary>Every model that a caller can name.</summary>
    public static IReadOnlyList<ImageModel> All { get; } = [new(FluxSchnell, 5), new(SdxlLightning, 8), new(SdxlBase, 15)];

    /// <summary>The model of that name, or null. Names are case-sensitive.</summary>
    public static ImageModel? Find(string name) => All.FirstOrDefault(model => model.Name == name);
}
