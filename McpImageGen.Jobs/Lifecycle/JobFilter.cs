namespace McpImageGen.Jobs.Lifecycle;

/// <summary>Selects some of an owner's jobs; null values do not filter.</summary>
/// <param name="Status">Only jobs with this status.</param>
/// <param name="Model">Only jobs of this model, by its public name.</param>
/// <param name="Search">Only jobs whose prompt contains this text, case-insensitive.</param>
public sealed record JobFilter(string? Status = null, string? Model = null, string? Search = null)
{
    /// <summary>True if no index covers the filter, so each job must be examined.</summary>
    public bool LooksIntoJobs => Model is not null || Search is not null;
}
