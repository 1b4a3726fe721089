using System.Diagnostics;

namespace McpImageGen.Benchmarks;

/// <summary>
/// The AppHost as developers start it: how long until everything is healthy, on empty volumes and with its images present, and how fast it is
/// then, services in their debug build and telemetry on.
/// </summary>
internal static class WholeApplication
{
    public static async Task MeasureAsync(Report report)
    {
        await AppHostProcess.BuildAsync();
        var start = Stopwatch.GetTimestamp();
        await using var host = AppHostProcess.Start(Latency.Provider);
        await host.HealthyAsync();
        report.Add("all healthy after the start of the AppHost", Stopwatch.GetElapsedTime(start).TotalSeconds, 30, "s");

        await host.WorkersSeenAsync();
        await Latency.MeasureAsync(report, [host.Http], mostAdded: 100, largestRatio: 1.25);
    }
}
