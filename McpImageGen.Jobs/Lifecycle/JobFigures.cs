namespace McpImageGen.Jobs.Lifecycle;

/// <summary>How the system is doing, all owners together.</summary>
/// <param name="Workers">Workers that were seen in the last seconds.</param>
/// <param name="ImageSources">Where the images of these workers come from; usually one.</param>
/// <param name="Unfinished">Jobs that are pending or processing, counted up to <see cref="MostCounted"/>.</param>
/// <param name="Images">Images that were made and not removed, counted up to <see cref="MostCounted"/>.</param>
/// <param name="Models">How long each model took, of those that made an image within the last hour.</param>
public sealed record JobFigures(
    int Workers, IReadOnlyList<string> ImageSources, int Unfinished, int Images, IReadOnlyDictionary<string, GenerationTime> Models)
{
    /// <summary>So many are counted; this figure means: so many or more.</summary>
    public const int MostCounted = 100_000;
}
