namespace McpImageGen.GenerationWorker.RateLimit;

/// <summary>The limit's minute, and how much longer it is taken to be.</summary>
/// <param name="Length">1 s to 1 min; shorter than a minute in tests only.</param>
public sealed record SlidingMinute(TimeSpan Length)
{
    /// <summary>The least time until a turn.</summary>
    public static readonly TimeSpan ShortestWait = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan DifferenceOfWays = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Lateness = TimeSpan.FromSeconds(2);

    /// <summary>How long a request counts: a quick one must not reach the provider within a minute of one that was slow on its way.</summary>
    public TimeSpan Counts => Length + DifferenceOfWays;

    /// <summary>How long after a request its successor has its turn: who comes up to 2 s late leaves room for those behind.</summary>
    public TimeSpan Turn => Counts + Lateness;

    /// <summary>How long after its turn a job that has not come keeps its place.</summary>
    public TimeSpan KeepsPlace => 3 * Turn;
}
