namespace McpImageGen.Jobs.Lifecycle;

/// <summary>The owner has too many unfinished jobs; no job of the call was accepted.</summary>
public sealed class TooManyJobsException(long unfinished, int limit)
    : Exception($"The owner has {unfinished} unfinished jobs; the limit is {limit}.")
{
    /// <summary>How many unfinished jobs the owner has.</summary>
    public long Unfinished => unfinished;

    /// <summary>The limit.</summary>
    public int Limit => limit;
}
