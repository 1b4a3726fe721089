namespace McpImageGen.Jobs.Lifecycle;

/// <summary>Some of a list of jobs.</summary>
/// <param name="Jobs">Newest first.</param>
/// <param name="TotalCount">How many jobs the whole list has; when that is an estimate, at least so many.</param>
/// <param name="TotalIsEstimate">There are too many to count them all.</param>
/// <param name="HasMore">The list goes on after these.</param>
public sealed record JobPage(IReadOnlyList<GenerationJob> Jobs, long TotalCount, bool TotalIsEstimate, bool HasMore);
