using System.Diagnostics;
using System.Text.Json;
using McpImageGen.Jobs.Images;
using McpImageGen.Tests.Containers;
using McpImageGen.Tests.Pages;
using McpImageGen.Tests.Testing;

namespace McpImageGen.Tests.Distributed;

/// <summary>
/// Whatever one owner does at 10 % of a limit, or a stranger without a token, another owner at the same API notices little of it. The limits are
/// the defaults of docs/settings.md.
/// </summary>
[Collection<Outages>]
[Slow]
public sealed class NeighbourTests(NeighbourTests.NoisySystem noisy, NeighbourTable table, ITestOutputHelper output)
    : IClassFixture<NeighbourTests.NoisySystem>, IClassFixture<NeighbourTable>
{
    private const string Noisy = "noisy";
    private const int CallsAtOnce = 500;
    private const int CallsPerSecond = 50;
    private const int Streams = 10;
    private const int Thumbnails = 25;

    private static readonly TimeSpan Bound = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan BetweenCalls = TimeSpan.FromMilliseconds(50);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private ServiceProcess Api => noisy.System.Apis[0];

    private FetchClient Neighbour => new(Api.Http, Noisy);

    [Fact]
    public Task Response_times_are_bounded_without_other_load() => MeasureAsync("none", _ => Task.Delay(TimeSpan.FromSeconds(1), Cancel), atOnce: 1);

    [Fact]
    public Task Response_times_are_bounded_while_another_owner_makes_50_calls_per_second() => MeasureAsync(
        "50 calls per second (10 % of `Limits__CallsPerMinute`)",
        n => PacedAsync(n, () => NoiseAsync("get_job_status", new { job_id = noisy.Finished[n % noisy.Finished.Count] })), atOnce: CallsPerSecond);

    [Fact]
    public Task Response_times_are_bounded_while_another_owner_lists_jobs() => MeasureAsync(
        "50 lists of 50 jobs per second", n => PacedAsync(n, () => NoiseAsync("list_jobs", new { limit = 50 })), atOnce: CallsPerSecond);

    [Fact]
    public async Task Response_times_are_bounded_while_another_owner_waits_for_jobs()
    {
        var started = await Neighbour.CallAsync("generate_image", new { prompt = "slow [latency:2m]", count = 20 });
        var ids = started.List("job_ids").Select(id => id.GetString()!).ToArray();

        await MeasureAsync(
            "500 waits for 20 jobs each (10 % of `Limits__CallsAtOnce`)",
            _ => NoiseAsync("wait_for_completion", new { job_ids = ids, timeout_seconds = 5 }), CallsAtOnce);

        await Neighbour.CallAsync("cancel_job", new { job_ids = ids });
    }

    [Fact]
    public Task Response_times_are_bounded_while_another_owner_requests_previews() => MeasureAsync(
        "500 calls for the previews of 20 images (10 % of `Limits__CallsAtOnce`)",
        _ => NoiseAsync("wait_for_completion", new { job_ids = noisy.Finished.Take(20), inline = true }), CallsAtOnce);

    [Fact]
    public async Task Response_times_are_bounded_while_another_owner_has_open_galleries()
    {
        using var browser = await PlainBrowser.SignedInAsync(Api.Http.BaseAddress!, Noisy);
        await MeasureAsync(
            "10 open galleries while images are generated (10 % of `Limits__StreamsAtOnce`)",
            async n =>
            {
                if (n % (Streams + 1) == Streams)
                {
                    await Neighbour.CallAsync("generate_image_and_wait", new { prompt = "for the gallery" });
                    return;
                }

                using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(5));
                await foreach (var _ in browser.EventsAsync())
                {
                    if (limit.IsCancellationRequested)
                        return;
                }
            },
            Streams + 1);
    }

    [Fact]
    public Task Response_times_are_bounded_while_another_owner_opens_SSE_streams() => MeasureAsync(
        "10 connections to `/sse` with a call each (10 % of `Limits__StreamsAtOnce`)",
        async _ =>
        {
            using var client = await SseClient.OpenAsync(Api.Http, Noisy);
            await client.CallAsync(1, "list_jobs", new { limit = 50 });
            await client.MessageAsync();
            await Task.Delay(TimeSpan.FromSeconds(1), Cancel);
        },
        Streams);

    [Fact]
    public async Task Response_times_are_bounded_while_new_thumbnails_are_requested()
    {
        var thumbnails = await noisy.NewThumbnailsAsync(2 * noisy.Finished.Count);
        await MeasureAsync(
            "25 thumbnails at once, the first 80 of them new", n => GetAsync($"/images/{thumbnails[n % thumbnails.Count]}"), Thumbnails);
    }

    [Fact]
    public Task Response_times_are_bounded_while_an_anonymous_client_requests_unknown_thumbnails() => MeasureAsync(
        "a stranger: 50 thumbnails of unknown images at once, given up after 0.3 s",
        async _ =>
        {
            using var gone = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
            try
            {
                await GetAsync($"/images/{ImageKey.For(Guid.NewGuid(), "image/jpeg").Thumbnails.First()}", gone.Token);
            }
            catch (OperationCanceledException) when (gone.IsCancellationRequested)
            {
                // The stranger does not wait.
            }

            await Task.Delay(BetweenCalls, Cancel);
        },
        atOnce: 50);

    [Fact]
    public Task Response_times_are_bounded_while_a_client_calls_with_an_invalid_token() => MeasureAsync(
        "a stranger: 50 calls per second with a wrong token", n => PacedAsync(n, async () =>
        {
            using var refused = await new FetchClient(Api.Http, "wrong").PostAsync("""{"jsonrpc":"2.0","id":1,"method":"ping"}""");
        }), CallsPerSecond);

    [Fact]
    public Task Response_times_are_bounded_while_an_anonymous_client_requests_health() => MeasureAsync(
        "a stranger: 50 requests for `/health` and `/` per second",
        n => PacedAsync(n, async () =>
        {
            await GetAsync("/health");
            await GetAsync("/");
        }),
        CallsPerSecond);

    /// <summary>Repeats the noise, so many at once, while a quiet owner calls, and adds a line to the table.</summary>
    private async Task MeasureAsync(string name, Func<int, Task> noise, int atOnce)
    {
        // A server that was only just started is slow by itself.
        await QuietAsync(TimeSpan.FromSeconds(3));
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var requests = 0;
        var noises = Enumerable.Range(0, atOnce).Select(RepeatAsync).ToList();
        var quiet = await QuietAsync(Duration);
        await end.CancelAsync();
        await Task.WhenAll(noises);

        table.Add(name, requests, quiet);
        output.WriteLine($"{name}, {requests} requests: {quiet}");
        Assert.True(quiet.Longest <= Bound, $"{name}: {quiet}");

        async Task RepeatAsync(int number)
        {
            await Task.Yield();
            for (; !end.IsCancellationRequested; number += atOnce)
            {
                await noise(number);
                Interlocked.Increment(ref requests);
            }
        }
    }

    private async Task<Quiet> QuietAsync(TimeSpan duration)
    {
        List<TimeSpan> ping = [], generate = [], alive = [];
        var client = noisy.System.Client(0);
        for (var start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < duration;)
        {
            ping.Add(await TimeAsync(() => client.RequestAsync("ping")));
            generate.Add(await TimeAsync(() => client.CallAsync("generate_image", new { prompt = "quiet" })));
            alive.Add(await TimeAsync(() => Api.Http.GetStringAsync("/alive", Cancel)));
            await Task.Delay(BetweenCalls, Cancel);
        }

        return new Quiet(Percentile(ping), Percentile(generate), Percentile(alive));
    }

    private static async Task<TimeSpan> TimeAsync(Func<Task> call)
    {
        var start = Stopwatch.GetTimestamp();
        await call();
        return Stopwatch.GetElapsedTime(start);
    }

    private static TimeSpan Percentile(List<TimeSpan> times) => times.Order().ElementAt((int)Math.Ceiling(0.99 * times.Count) - 1);

    /// <summary>One call of each second's, at its time within the second.</summary>
    private static async Task PacedAsync(int number, Func<Task> call)
    {
        var start = Stopwatch.GetTimestamp();
        await Task.Delay(TimeSpan.FromSeconds(number % CallsPerSecond / (double)CallsPerSecond), Cancel);
        await call();
        var rest = TimeSpan.FromSeconds(1) - Stopwatch.GetElapsedTime(start);
        if (rest > TimeSpan.Zero)
            await Task.Delay(rest, Cancel);
    }

    /// <summary>Calls a tool and only counts what comes: the noise must not keep this process busy.</summary>
    private async Task NoiseAsync(string tool, object arguments)
    {
        using var response = await Neighbour.PostAsync(
            JsonSerializer.Serialize(new { jsonrpc = "2.0", id = 1, method = "tools/call", @params = new { name = tool, arguments } }));
        await response.Content.CopyToAsync(Stream.Null, Cancel);
    }

    private async Task GetAsync(string path, CancellationToken cancellationToken = default)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancel, cancellationToken);
        using var response = await Api.Http.GetAsync(path, limit.Token);
        await response.Content.ReadAsByteArrayAsync(limit.Token);
    }

    /// <summary>The system, in which a noisy owner has 40 finished jobs.</summary>
    public sealed class NoisySystem(Servers servers) : IAsyncLifetime
    {
        public DistributedSystem System { get; } = new(servers);

        public List<string> Finished { get; } = [];

        public async ValueTask InitializeAsync()
        {
            System.Settings["Auth__Tokens__0__Owner"] = Noisy;
            System.Settings["Auth__Tokens__0__Token"] = Noisy;
            System.Settings["Jobs__UnfinishedPerOwner"] = "100000";
            System.Settings["Emulator__Latency"] = "00:00:01";
            await System.StartedAsync();
            foreach (var client in new[] { System.Client(0), new FetchClient(System.Apis[0].Http, Noisy), new FetchClient(System.Apis[0].Http, Noisy) })
            {
                var made = await client.CallAsync("generate_image_and_wait", new { prompt = "finished before", count = 20 });
                Assert.True(made.Success, made.Raw);
                if (client.Token == Noisy)
                    Finished.AddRange(made.List("results").Select(result => result.GetProperty("job_id").GetString()!));
            }
        }

        /// <summary>The keys of so many thumbnails that do not exist yet.</summary>
        public async Task<List<string>> NewThumbnailsAsync(int count)
        {
            var client = new FetchClient(System.Apis[0].Http, Noisy);
            var keys = new List<ImageKey>();
            while (keys.Count < count)
            {
                var made = await client.CallAsync("generate_image_and_wait", new { prompt = "without thumbnails", count = 20 });
                keys.AddRange(made.List("results").SelectMany(
                    result => ImageKey.Parse(result.GetProperty("image_url").GetString()!.Split('/')[^1])!.Thumbnails));
            }

            return [.. keys.Select(key => key.ToString())];
        }

        public ValueTask DisposeAsync() => System.DisposeAsync();
    }
}
