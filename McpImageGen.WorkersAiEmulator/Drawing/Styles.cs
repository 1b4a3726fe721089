namespace McpImageGen.WorkersAiEmulator.Drawing;

/// <summary>The available styles. Each fills the whole surface.</summary>
internal static class Styles
{
    public static readonly IReadOnlyList<Action<Sketch>> All =
    [
        Landscapes.Hills, Landscapes.Mountains, Landscapes.MoonOverSea,
        Abstracts.Ribbons, Abstracts.Orbs, Abstracts.Contours, Abstracts.Arches,
    ];
}
