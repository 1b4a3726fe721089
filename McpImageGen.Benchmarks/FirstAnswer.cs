using System.Diagnostics;

namespace McpImageGen.Benchmarks;

/// <summary>
/// Measures the time from the start of the process to its first response. Each run uses a new data folder, so it includes creating the schema.
/// </summary>
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

        report.Add($"first response after the start of the process, median of {Runs}", Report.Median(seconds), 3, "s");
    }
}
