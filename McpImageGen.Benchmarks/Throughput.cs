using System.Diagnostics;
using System.Globalization;

namespace McpImageGen.Benchmarks;

/// <summary>
/// Measures how many jobs a second one API process and one worker complete, as a share of what the bare drivers do in the same run, on the servers given by
/// <c>ConnectionStrings__jobs</c>, <c>__messaging</c> and <c>__redis</c>. The provider and the image store are <see cref="Stubs"/>.
/// </summary>
internal static class Throughput
{
    /// <summary>Concurrent generations in the worker.</summary>
    public const ushort WorkerConcurrency = 64;

    private const int ApiPort = 5296;
    private const int WorkerPort = 5297;
    private const int Rounds = 5;
    private const int WarmUp = 500;
    private const int Jobs = 1500;

    private static readonly Load[] Loads =
    [
        new("1 image a call, 64 calls at once", Count: 1, Calls: 64, MaxRatio: 2.0),
        new("20 images a call, 8 calls at once", Count: 20, Calls: 8, MaxRatio: 1 / 0.75),
    ];

    public static async Task MeasureAsync(Report report)
    {
        await using var stubs = await Stubs.StartAsync();
        var store = $"--ConnectionStrings:images=Endpoint={stubs.Store};AccessKey=key;SecretKey=secret;Bucket=images";
        await using var api = ServerProcess.Start("McpApi", ApiPort, store, "--Limits:CallsPerMinute=100000000");
        await using var worker = ServerProcess.Start(
            "GenerationWorker", WorkerPort, store, $"--Worker:Concurrency={WorkerConcurrency}", "--WorkersAi:AccountId=account", "--WorkersAi:ApiToken=token",
            $"--WorkersAi:BaseUrl={stubs.Provider}", "--WorkersAi:RequestsPerMinute=0");
        await api.ReadyAsync();
        await worker.ReadyAsync();
        await using var bare = await BareDrivers.StartAsync(Server("jobs"), Server("messaging"), Server("redis"), stubs);

        Func<int, Task> product = count => api.Http.CallAsync("generate_image_and_wait", new { prompt = "a lighthouse in the storm", count });
        foreach (var load in Loads)
        {
            await RunAsync(load, product, WarmUp);
            await RunAsync(load, bare.GenerateAsync, WarmUp);
            var rounds = new List<(double Product, double Bare, double Api, double Worker)>();
            for (var round = 0; round < Rounds; round++)
            {
                var (apiBefore, workerBefore) = (api.CpuTime, worker.CpuTime);
                var seconds = await RunAsync(load, product, Jobs);
                var (apiTime, workerTime) = (api.CpuTime - apiBefore, worker.CpuTime - workerBefore);
                rounds.Add((Jobs / seconds, Jobs / await RunAsync(load, bare.GenerateAsync, Jobs), apiTime.TotalMilliseconds / Jobs, workerTime.TotalMilliseconds / Jobs));
            }

            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{load.Name}: {Report.Median(rounds.Select(round => round.Product)):0} jobs/s, bare drivers {Report.Median(rounds.Select(round => round.Bare)):0} jobs/s; CPU of the worker {Report.Median(rounds.Select(round => round.Worker)):0.0} ms a job"));
            report.Add($"{load.Name}: bare drivers compared with the product", Report.Median(rounds.Select(round => round.Bare / round.Product)), load.MaxRatio, "times as many jobs/s");
            report.Add($"{load.Name}: CPU of the API", Report.Median(rounds.Select(round => round.Api)), 1.5, "ms a job");
        }
    }

    /// <summary>Calls until all jobs are done, and returns the time in seconds.</summary>
    private static async Task<double> RunAsync(Load load, Func<int, Task> call, int jobs)
    {
        var left = jobs / load.Count;
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, load.Calls).Select(async _ =>
        {
            while (Interlocked.Decrement(ref left) >= 0)
                await call(load.Count);
        }));
        return clock.Elapsed.TotalSeconds;
    }

    private static string Server(string name) => Environment.GetEnvironmentVariable($"ConnectionStrings__{name}")
        ?? throw new InvalidOperationException($"ConnectionStrings__{name} is not set.");

    /// <param name="Name">A description.</param>
    /// <param name="Count">Images per call.</param>
    /// <param name="Calls">Concurrent calls.</param>
    /// <param name="MaxRatio">How many times as many jobs the bare drivers may complete.</param>
    private sealed record Load(string Name, int Count, int Calls, double MaxRatio);
}
