namespace McpImageGen.GenerationWorker.RateLimit;

/// <summary>The window of the rate limit, and the safety margins added to it.</summary>
/// <param name="Length">1 s to 1 min; shorter than a minute in tests only.</param>
public sealed record RateWindow(TimeSpan Length)
{
    /// <summary>The shortest time until a turn.</summary>
    public static readonly TimeSpan MinWait = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan DifferenceOfWays = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Lateness = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How long a request counts. The margin covers differences in network latency, so that the provider sees the limit kept as well.
    /// </summary>
    public TimeSpan Counts => Length + DifferenceOfWays;

    /// <summary>How long after a request the next turn comes: a job may be up to 2 s late without delaying the jobs behind it.</summary>
    public TimeSpan Turn => Counts + Lateness;

    /// <summary>How long after its turn a job keeps its place.</summary>
    public TimeSpan KeepsPlace => 3 * Turn;
}
