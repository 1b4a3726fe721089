namespace McpImageGen.Jobs.Lifecycle;

/// <summary>The owner has so many unfinished jobs that no more are accepted for now; none of the call's was.</summary>
public sealed class TooManyJobsException(long unfinished, int limit)
    : Exception($"The owner has {unfinished} unfinished jobs, and may have {limit}.")
{
    /// <summary>How many unfinished jobs the owner has.</summary>
    public long Unfinished => unfinished;

    /// <summary>How many it may have.</summary>
    public int Limit => limit;
}
