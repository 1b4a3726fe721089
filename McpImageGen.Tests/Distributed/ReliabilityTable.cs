using System.Globalization;

namespace McpImageGen.Tests.Distributed;

/// <summary>Writes the result of each failure test to the file that the variable <c>RELIABILITY_TABLE</c> names; reliability.sh sets it.</summary>
public sealed class ReliabilityTable : IDisposable
{
    private const string Head = """
        # Reliability

        Written by `./reliability.sh`. Each row is a test of `FailureTests`. The system consists of two APIs, three workers and the emulator as separate processes,
        on Postgres, RabbitMQ, Redis and S3 in containers. When the fault occurs, 200 jobs of 2 s each, and 5 jobs that Workers AI rejects permanently, are being
        generated or are queued, and clients wait for them.

        In some rows, the wall clock of one host (the second API, the third worker or the database) is wrong from the start, or steps when the jobs are in
        progress. A process that is cut off from a server reaches it through a link that stops forwarding and keeps all connections open.

        "Paid twice" is the number of requests that Workers AI accepted (including abandoned ones) in excess of one per completed job; each test has the limit that
        [ADR 1](adr/0001-the-database-row-is-the-source-of-truth.md) states.
        "Recovered after" is the time from the end of the fault until all jobs were finished; the limit is 60 s.

        | fault | accepted | completed | failed (rejected) | lost | finished twice | images missing | stuck | paid twice | recovered after |
        |---|---|---|---|---|---|---|---|---|---|

        """;

    private readonly List<string> _lines = [];

    public void Add(Recovery recovery, int paidTwiceAtMost) => _lines.Add(string.Create(
        CultureInfo.InvariantCulture,
        $"| {recovery.Fault} | {recovery.Accepted} | {recovery.Completed} | {recovery.Failed} ({recovery.Refused}) | {recovery.Lost} "
        + $"| {recovery.FinishedTwice} | {recovery.ImagesMissing} | {recovery.Stuck} | {recovery.PaidTwice} (at most {paidTwiceAtMost}) "
        + $"| {recovery.Time.TotalSeconds:0.0} s |\n"));

    public void Dispose()
    {
        if (Environment.GetEnvironmentVariable("RELIABILITY_TABLE") is { Length: > 0 } file)
            NeighbourTable.WriteSection(file, isFirst: true, Head.ReplaceLineEndings("\n") + string.Concat(_lines.Order(StringComparer.Ordinal)));
    }
}
