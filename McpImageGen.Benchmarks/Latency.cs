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
        await MeasureAsync(report, [server.Http]);
    }

    /// <summary>Measures a system that runs.</summary>
    /// <param name="report">Where the figures go.</param>
    /// <param name="apis">Clients of the system's APIs, which are called in turn.</param>
    /// <param name="mostAdded">What it may add to one image, in ms.</param>
    /// <param name="largestRatio">How many times the provider's latency 20 images may take.</param>
    public static async Task MeasureAsync(Report report, IReadOnlyList<HttpClient> apis, double mostAdded = 50, double largestRatio = 1.10)
    {
        await Task.WhenAll(apis.SelectMany(api => Enumerable.Range(0, WarmUps).Select(_ => GenerateAsync(api, 20))));

        var one = new List<double>();
        var twenty = new List<double>();
        for (var i = 0; i < Runs; i++)
        {
            one.Add(await GenerateAsync(apis[i % apis.Count], 1));
            twenty.Add(await GenerateAsync(apis[(i + 1) % apis.Count], 20));
        }

        report.Add($"1 image, added to the provider's {Provider.TotalSeconds} s, median of {Runs}", Report.Median(one) - Provider.TotalMilliseconds, mostAdded, "ms");
        report.Add($"20 images, ratio to the provider's latency, median of {Runs}", Report.Median(twenty) / Provider.TotalMilliseconds, largestRatio, "×");
    }

    private static async Task<double> GenerateAsync(HttpClient api, int count)
    {
        var start = Stopwatch.GetTimestamp();
        await api.CallAsync("generate_image_and_wait", new { prompt = "a lighthouse at dawn", count });
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }
}
