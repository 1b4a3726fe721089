namespace McpImageGen.WorkersAiEmulator.Drawing;

/// <summary>The styles a picture may come in. Each fills the whole surface.</summary>
internal static class Styles
{
    public static readonly IReadOnlyList<Action<Sketch>> All =
    [
        Landscapes.Hills, Landscapes.Mountains, Landscapes.MoonOverSea,
        Abstracts.Ribbons, Abstracts.Orbs, Abstracts.Contours, Abstracts.Arches,
    ];
}
