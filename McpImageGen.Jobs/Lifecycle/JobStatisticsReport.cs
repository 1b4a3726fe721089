namespace McpImageGen.Jobs.Lifecycle;

/// <summary>Statistics of the system across all owners.</summary>
/// <param name="Workers">Workers with a heartbeat in the last seconds.</param>
/// <param name="ImageSources">Where the images of these workers come from; usually one.</param>
/// <param name="Unfinished">Jobs that are pending or processing, counted up to <see cref="MaxCounted"/>.</param>
/// <param name="Images">Images that were generated and not deleted, counted up to <see cref="MaxCounted"/>.</param>
/// <param name="Models">How long each model took, for models that generated an image within the last hour.</param>
public sealed record JobStatisticsReport(
    int Workers, IReadOnlyList<string> ImageSources, int Unfinished, int Images, IReadOnlyDictionary<string, GenerationTime> Models)
{
    /// <summary>The upper limit of counts; this value means "this many or more".</summary>
    public const int MaxCounted = 100_000;
}
