using System.Diagnostics;

namespace McpImageGen.Benchmarks;

/// <summary>What the system adds to the provider's latency. Both counts are measured in turn in one run, against the same servers.</summary>
internal static class Latency
{
    /// <summary>How long the emulator takes for a picture.</summary>
    public static readonly TimeSpan Provider = TimeSpan.FromSeconds(2);

    private const int Runs = 5;

    /// <summary>Calls of 20 images at each API, after which every worker runs compiled code.</summary>
    private const int WarmUps = 30;

    public static async Task MeasureAsync(Report report)
    {
        await using var server = await ServerProcess.StartStandalone(Provider).ReadyAsync();
        await MeasureAsync(report, [server]);
    }

    /// <summary>Measures a system that runs.</summary>
    /// <param name="report">Where the figures go.</param>
    /// <param name="apis">The system's APIs, which are called in turn.</param>
    public static async Task MeasureAsync(Report report, IReadOnlyList<ServerProcess> apis)
    {
        await Task.WhenAll(apis.SelectMany(api => Enumerable.Range(0, WarmUps).Select(_ => GenerateAsync(api, 20))));

        var one = new List<double>();
        var twenty = new List<double>();
        for (var i = 0; i < Runs; i++)
        {
            one.Add(await GenerateAsync(apis[i % apis.Count], 1));
            twenty.Add(await GenerateAsync(apis[(i + 1) % apis.Count], 20));
        }

        report.Add($"1 image, added to the provider's {Provider.TotalSeconds} s, median of {Runs}", Report.Median(one) - Provider.TotalMilliseconds, 50, "ms");
        report.Add($"20 images, ratio to the provider's latency, median of {Runs}", Report.Median(twenty) / Provider.TotalMilliseconds, 1.10, "×");
    }

    private static async Task<double> GenerateAsync(ServerProcess server, int count)
    {
        var start = Stopwatch.GetTimestamp();
        await server.CallAsync("generate_image_and_wait", new { prompt = "a lighthouse at dawn", count });
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }
}
