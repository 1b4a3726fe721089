using System.Diagnostics;

namespace McpImageGen.Benchmarks;

/// <summary>
/// Measures 1,000 concurrent calls that each wait for a job. The test
/// <c>A_thousand_waits_share_a_few_periodic_queries</c> checks that they do not cost a query each.
/// </summary>
internal static class ManyWaiters
{
    private const int Waiters = 1000;
    private const double TimeLimit = 63;

    public static async Task MeasureAsync(Report report)
    {
        await using var server = await ServerProcess.StartStandalone(TimeSpan.FromSeconds(2)).ReadyAsync();
        var ids = new List<string>();
        while (ids.Count < Waiters)
        {
            var started = await server.Http.CallAsync("generate_image", new { prompt = "a lighthouse at dawn", count = 20 });
            ids.AddRange(started.GetProperty("job_ids").EnumerateArray().Select(id => id.GetString()!));
        }

        var start = Stopwatch.GetTimestamp();
        var waits = await Task.WhenAll(ids.Select(async id =>
        {
            await server.Http.CallAsync("wait_for_completion", new { job_id = id });
            return Stopwatch.GetElapsedTime(start).TotalSeconds;
        }));

        report.Add($"{Waiters} waiters on {Waiters} jobs, the longest wait", waits.Max(), TimeLimit, "s");
    }
}
