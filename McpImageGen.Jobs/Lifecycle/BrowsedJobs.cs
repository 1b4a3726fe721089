namespace McpImageGen.Jobs.Lifecycle;

/// <summary>A page of the jobs that match a filter.</summary>
/// <param name="Jobs">
/// Newest first. There may be fewer than requested although older ones follow, because the number of jobs examined per call is limited.
/// </param>
/// <param name="NextBefore">Where the next page of older jobs starts; null if there are none.</param>
public sealed record BrowsedJobs(IReadOnlyList<GenerationJob> Jobs, Guid? NextBefore);
