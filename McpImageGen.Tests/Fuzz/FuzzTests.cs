using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using McpImageGen.Tests.Pages;
using McpImageGen.Tests.Testing;

namespace McpImageGen.Tests.Fuzz;

/// <summary>Thousands of requests that nobody would send on purpose. FUZZ_SEED gives others than the usual ones.</summary>
[Collection<FuzzRun>]
public sealed class FuzzTests(ITestOutputHelper output)
{
    private const int First = 2_000;
    private const int Rest = 4_000;
    private const int AtOnce = 4;
    private const long MostGrowth = 32 * 1024 * 1024;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Thousands_of_bad_requests_leave_the_server_as_it_was()
    {
        var seed = int.Parse(Environment.GetEnvironmentVariable("FUZZ_SEED") ?? "20260728", CultureInfo.InvariantCulture);
        output.WriteLine($"FUZZ_SEED={seed}");
        await using var server = await RunningStandalone.StartAsync("--Limits:CallsPerMinute=100000", "--Proxy:Trusted=any");
        var tools = (await server.Client.RequestAsync("tools/list")).GetProperty("result").GetProperty("tools");
        using var stream = await SseClient.OpenAsync(server.Http, server.Token);
        var events = ReadAsync(stream);
        var requests = new RandomRequests(
            new RandomJson(new Random(seed)), server.Http.BaseAddress!, [.. tools.EnumerateArray()], server.Token, await SignInAsync(server), () => stream.Endpoint);

        await SendAsync(server, requests, First);
        var before = Memory();
        await SendAsync(server, requests, Rest);
        var after = Memory();
        output.WriteLine($"Managed memory: {before / 1024} KiB after {First} requests, {after / 1024} KiB after {First + Rest}.");

        Assert.InRange(after - before, long.MinValue, MostGrowth);
        Assert.True((await server.Client.CallAsync("generate_image_and_wait", new { prompt = "still here" })).Success);
        await stream.CallAsync(int.MaxValue, "list_jobs", new { });
        Assert.Empty(await events.WaitAsync(Limit, Cancel));
    }

    /// <summary>Signs in to the gallery, and takes what a form of it must have.</summary>
    private static async Task<string> SignInAsync(RunningStandalone server)
    {
        const string SignIn = "/gallery/sign-in", Generate = "/gallery/generate";
        var fields = (await OpenAsync(SignIn)).HiddenFields(SignIn);
        fields["token"] = server.Token;
        using var signedIn = await server.Http.PostAsync(SignIn, new FormUrlEncodedContent(fields), Cancel);
        return (await OpenAsync(Generate)).HiddenFields(Generate)["__RequestVerificationToken"];

        async Task<VisitedPage> OpenAsync(string path) => new(path, HttpStatusCode.OK, await server.Http.GetStringAsync(path, Cancel));
    }

    /// <summary>What is still held when all that could be freed is free.</summary>
    private static long Memory()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return GC.GetTotalMemory(forceFullCollection: true);
    }

    private static async Task SendAsync(RunningStandalone server, RandomRequests requests, int count)
    {
        var wrong = new ConcurrentQueue<string>();
        var batch = Enumerable.Range(0, count).Select(_ => requests.Next());
        var options = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = Cancel };
        await Parallel.ForEachAsync(batch, options, async (next, cancellationToken) =>
        {
            using var request = next.Request;
            if (await ProblemAsync(server.Http, request, cancellationToken) is { } problem)
                wrong.Enqueue($"{problem}\n  for {next.Shown}");
        });
        Assert.True(wrong.IsEmpty, string.Join('\n', wrong.Take(10)));
    }

    private static async Task<string?> ProblemAsync(HttpClient http, HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        try
        {
            using var response = await http.SendAsync(request, limit.Token);
            var body = await response.Content.ReadAsStringAsync(limit.Token);
            return (int)response.StatusCode >= 500 || IsInternal(body) ? $"{(int)response.StatusCode} {body}" : null;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return $"No answer within {Limit.TotalSeconds} s";
        }
    }

    /// <summary>A failure that the server did not expect, in the words of its tools or of JSON-RPC.</summary>
    private static bool IsInternal(string body) =>
        body.Contains("internal_error", StringComparison.Ordinal) || body.Contains("-32603", StringComparison.Ordinal);

    /// <summary>Reads answers until that to the last call, and keeps those that ought not to be.</summary>
    private static async Task<List<string>> ReadAsync(SseClient stream)
    {
        var wrong = new List<string>();
        while (await stream.LineAsync() is { } line && !line.Contains($"\"id\":{int.MaxValue}", StringComparison.Ordinal))
        {
            if (IsInternal(line))
                wrong.Add(line);
        }

        return wrong;
    }
}
