using System.Diagnostics;

namespace McpImageGen.Benchmarks;

/// <summary>From the start of the process, already built, to its first answer. A new data folder each time, so the schema is made too.</summary>
internal static class FirstAnswer
{
    private const int Runs = 5;

    public static async Task MeasureAsync(Report report)
    {
        var seconds = new List<double>();
        for (var i = 0; i < Runs; i++)
        {
            var start = Stopwatch.GetTimestamp();
            await using var server = await ServerProcess.StartStandalone(TimeSpan.FromSeconds(2)).ReadyAsync();
            await server.Http.CallAsync("list_jobs", new { });
            seconds.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        report.Add($"first answer after the start of the process, median of {Runs}", Report.Median(seconds), 3, "s");
    }
}
