using System.Diagnostics;

namespace McpImageGen.Benchmarks;

/// <summary>Measures what the system adds to the provider's latency. Both image counts alternate in one run, on the same servers.</summary>
internal static class Latency
{
    /// <summary>How long the emulator takes per image.</summary>
    public static readonly TimeSpan Provider = TimeSpan.FromSeconds(2);

    private const int Runs = 5;

    /// <summary>The number of calls for 20 images to each API before measuring, after which every worker runs optimized code.</summary>
    private const int WarmUps = 30;

    public static async Task MeasureAsync(Report report)
    {
        await using var server = await ServerProcess.StartStandalone(Provider).ReadyAsync();
        await MeasureAsync(report, [server.Http]);
    }

    /// <summary>Measures a running system.</summary>
    /// <param name="report">Receives the figures.</param>
    /// <param name="apis">Clients of the system's APIs, called in turn.</param>
    /// <param name="mostAdded">The maximum latency added to one image, in ms.</param>
    /// <param name="largestRatio">The maximum time for 20 images, as a multiple of the provider's latency.</param>
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

        report.Add($"1 image, latency added to the provider's {Provider.TotalSeconds} s, median of {Runs}", Report.Median(one) - Provider.TotalMilliseconds, mostAdded, "ms");
        report.Add($"20 images, ratio to the provider's latency, median of {Runs}", Report.Median(twenty) / Provider.TotalMilliseconds, largestRatio, "×");
    }

    private static async Task<double> GenerateAsync(HttpClient api, int count)
    {
        var start = Stopwatch.GetTimestamp();
        await api.CallAsync("generate_image_and_wait", new { prompt = "a lighthouse at dawn", count });
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }
}
