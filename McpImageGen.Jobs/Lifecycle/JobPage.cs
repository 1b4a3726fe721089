namespace McpImageGen.Jobs.Lifecycle;

/// <summary>Some of a list of jobs.</summary>
/// <param name="Jobs">Newest first.</param>
/// <param name="TotalCount">How many jobs the whole list has.</param>
public sealed record JobPage(IReadOnlyList<GenerationJob> Jobs, long TotalCount);
