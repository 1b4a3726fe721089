namespace McpImageGen.Jobs.Lifecycle;

/// <summary>Which of an owner's jobs; null leaves all in.</summary>
/// <param name="Status">Only those in this status.</param>
/// <param name="Model">Only those of this model, by its public name.</param>
/// <param name="Search">Only those whose prompt has this text in it, in whatever case.</param>
public sealed record JobFilter(string? Status = null, string? Model = null, string? Search = null)
{
    /// <summary>No index tells which jobs these are: each has to be looked into.</summary>
    public bool LooksIntoJobs => Model is not null || Search is not null;
}
