using System.Diagnostics;

namespace McpImageGen.Benchmarks;

/// <summary>
/// Measures the AppHost as developers start it: the time until everything is healthy, on empty volumes and with the container images present,
/// and then the latency, with debug builds of the services and telemetry on.
/// </summary>
internal static class WholeApplication
{
    public static async Task MeasureAsync(Report report)
    {
        await AppHostProcess.BuildAsync();
        var start = Stopwatch.GetTimestamp();
        await using var host = AppHostProcess.Start(Latency.Provider);
        await host.HealthyAsync();
        report.Add("all resources healthy after the start of the AppHost", Stopwatch.GetElapsedTime(start).TotalSeconds, 30, "s");

        await host.WorkersSeenAsync();
        await Latency.MeasureAsync(report, [host.Http], mostAdded: 100, largestRatio: 1.25);
    }
}
