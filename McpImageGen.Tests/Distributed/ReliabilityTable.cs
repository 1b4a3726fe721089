using System.Globalization;

namespace McpImageGen.Tests.Distributed;

/// <summary>Writes what each failure came to into the file that the variable <c>RELIABILITY_TABLE</c> names; reliability.sh sets it.</summary>
public sealed class ReliabilityTable : IDisposable
{
    private const string Head = """
        # Reliability

        Written by `./reliability.sh`. Each line is a test of `FailureTests`: two APIs, three workers and the emulator as processes, on Postgres,
        RabbitMQ, Redis and S3 in containers. 200 jobs of 2 s each, and 5 that Workers AI refuses for good, are generating or queued, and awaited,
        when it happens.

        Paid twice are the requests that Workers AI did not refuse, abandoned ones too, beyond one for each completed job; each line has its bound.
        Recovered is the time from the end of the fault until all jobs were finished, at most 60 s.

        | what happens | accepted | completed | failed (refused) | lost | finished twice | images missing | stuck | paid twice | recovered after |
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
