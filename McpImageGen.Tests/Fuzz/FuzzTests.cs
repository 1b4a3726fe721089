using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;
using McpImageGen.Tests.Pages;
using McpImageGen.Tests.Telemetry;
using McpImageGen.Tests.Testing;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Trace;

namespace McpImageGen.Tests.Fuzz;

/// <summary>
/// Thousands of requests that nobody would send on purpose, with other ones in each run. A failure prints the seed; set it as FUZZ_SEED to repeat
/// the requests.
/// </summary>
[Collection<FuzzRun>]
[Slow]
public sealed class FuzzTests(ITestOutputHelper output)
{
    private const int First = 2_000;
    private const int Rest = 4_000;
    private const int AtOnce = 4;

    /// <summary>The open stream, and what connections that are being closed may hold.</summary>
    private const int MaxHeld = 50;

    /// <summary>A few KB for each request, which is more than pools of buffers usually grow by.</summary>
    private const long MaxGrowth = Rest * 2_000L;

    private const string Token = "token-of-the-fuzz-test-that-must-not-leak";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Thousands_of_random_requests_cause_no_internal_error_secret_leak_or_memory_growth()
    {
        var seed = Environment.GetEnvironmentVariable("FUZZ_SEED") is { Length: > 0 } set ? int.Parse(set, CultureInfo.InvariantCulture) : Random.Shared.Next();
        output.WriteLine($"FUZZ_SEED={seed}");
        await using var collector = await Collector.StartAsync(keeps: HasSecret);
        using var log = new FuzzLog([Token, RandomRequests.PromptMark]);
        var requestsHeld = new HeldRequests();
        await using var server = await RunningStandalone.StartAsync(
            builder =>
            {
                builder.Logging.AddProvider(log);
                builder.Services.AddSingleton<IStartupFilter>(requestsHeld);
            },
            "--AUTH_TOKEN=" + Token,
            "--Limits:CallsPerMinute=100000",
            "--Proxy:Trusted=any",
            "--OTEL_EXPORTER_OTLP_ENDPOINT=" + collector.Address,
            "--OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf");
        using var client = new FuzzClient(server.Http.BaseAddress!, Token);
        var tools = (await server.Client.RequestAsync("tools/list")).GetProperty("result").GetProperty("tools");
        using var stream = await SseClient.OpenAsync(server.Http, Token);
        var events = ReadAsync(stream);
        var json = new RandomJson(new Random(seed));
        var formToken = await SignInAsync(client.Http);
        var headers = new RandomHeaders(json, Token, client.Cookies.GetCookieHeader(client.Http.BaseAddress!));
        var requests = new RandomRequests(json, headers, [.. tools.EnumerateArray()], formToken, () => stream.Endpoint);

        await SendAsync(client, json, requests, First);
        var before = Memory(server);
        await SendAsync(client, json, requests, Rest);
        var after = Memory(server);
        output.WriteLine($"{before / 1024} KiB after {First} requests, {after / 1024} KiB after {First + Rest}, {requestsHeld.Count} requests held; {collector.Exports} exports.");

        Assert.InRange(requestsHeld.Count, 0, MaxHeld);
        // Pools that have grown are trimmed within seconds.
        await Until.HoldsAsync(() => Task.FromResult(Memory(server) - before), growth => growth < MaxGrowth, $"the growth is less than {MaxGrowth} bytes; FUZZ_SEED={seed}");
        Assert.True((await server.Client.CallAsync("generate_image_and_wait", new { prompt = "still here" })).Success);
        Assert.Equal("alive\n", await server.Http.GetStringAsync("/alive", Cancel));
        await stream.CallAsync(int.MaxValue, "list_jobs", new { });
        Assert.Empty(await events.WaitAsync(Limit, Cancel));
        Assert.True(log.Wrong.Count == 0, $"FUZZ_SEED={seed} {log.Wrong.Count} lines in the log: {string.Join('\n', log.Wrong.DistinctBy(Kind).Take(10))}");
        Assert.NotEqual(0, collector.Exports);
        Assert.Equal(0, collector.Kept);
    }

    /// <summary>A line of the log without its numbers.</summary>
    private static string Kind(string line) => string.Concat(line.Where(char.IsAsciiLetterLower))[..Math.Min(100, line.Count(char.IsAsciiLetterLower))];

    private static bool HasSecret(byte[] export) =>
        export.AsSpan().IndexOf(Encoding.UTF8.GetBytes(Token)) >= 0 || export.AsSpan().IndexOf(Encoding.UTF8.GetBytes(RandomRequests.PromptMark)) >= 0;

    /// <summary>Signs in to the gallery.</summary>
    /// <returns>The token that a form of the gallery must contain.</returns>
    private static async Task<string> SignInAsync(HttpClient http)
    {
        const string SignIn = "/gallery/sign-in", Generate = "/gallery/generate";
        var fields = (await OpenAsync(SignIn)).HiddenFields(SignIn);
        fields["token"] = Token;
        using var signedIn = await http.PostAsync(SignIn, new FormUrlEncodedContent(fields), Cancel);
        return (await OpenAsync(Generate)).HiddenFields(Generate)["__RequestVerificationToken"];

        async Task<VisitedPage> OpenAsync(string path) => new(path, HttpStatusCode.OK, await http.GetStringAsync(path, Cancel));
    }

    /// <summary>What is still held when all that could be freed is free.</summary>
    private static long Memory(RunningStandalone server)
    {
        server.Services.GetRequiredService<TracerProvider>().ForceFlush(); // finished spans wait for their export
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return GC.GetTotalMemory(forceFullCollection: true);
    }

    private static async Task SendAsync(FuzzClient client, RandomJson json, RandomRequests requests, int count)
    {
        var wrong = new ConcurrentQueue<string>();
        var batch = Enumerable.Range(0, count).Select(_ => (Request: requests.Next(), End: End(json)));
        var options = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = Cancel };
        await Parallel.ForEachAsync(batch, options, async (next, cancellationToken) =>
        {
            if (await client.ProblemAsync(next.Request, next.End, cancellationToken) is { } problem)
                wrong.Enqueue($"{problem}\n  for {next.End} {next.Request}");
        });
        Assert.True(wrong.IsEmpty, string.Join('\n', wrong.Take(10)));
    }

    private static FuzzEnd End(RandomJson json) => json.Random.Next(100) switch
    {
        < 80 => FuzzEnd.Client,
        < 93 => FuzzEnd.Raw,
        < 96 => FuzzEnd.Truncated,
        _ => FuzzEnd.Abandoned,
    };

    /// <summary>Reads answers until that to the last call, and keeps those that ought not to be.</summary>
    private static async Task<List<string>> ReadAsync(SseClient stream)
    {
        var wrong = new List<string>();
        while (await stream.LineAsync() is { } line && !line.Contains($"\"id\":{int.MaxValue}", StringComparison.Ordinal))
        {
            if (FuzzClient.IsInternal(line) || line.Contains(Token, StringComparison.Ordinal))
                wrong.Add(line);
        }

        return wrong;
    }
}
