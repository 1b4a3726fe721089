namespace McpImageGen.Jobs.Lifecycle;

/// <summary>Some of the jobs that a filter leaves in.</summary>
/// <param name="Jobs">Newest first. They can be fewer than asked for although older ones follow: so many jobs were looked into that the rest is another call's.</param>
/// <param name="GoOnBefore">Where to go on for older ones; null when there are none.</param>
public sealed record FoundJobs(IReadOnlyList<GenerationJob> Jobs, Guid? GoOnBefore);
