namespace McpImageGen.Jobs.Lifecycle;

/// <summary>A page of a list of jobs.</summary>
/// <param name="Jobs">Newest first.</param>
/// <param name="TotalCount">The number of jobs in the whole list; if it is an estimate, there are at least this many.</param>
/// <param name="TotalIsEstimate">True if there are too many jobs to count them all.</param>
/// <param name="HasMore">True if more jobs follow.</param>
public sealed record JobPage(IReadOnlyList<GenerationJob> Jobs, long TotalCount, bool TotalIsEstimate, bool HasMore);
