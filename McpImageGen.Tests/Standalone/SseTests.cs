using System.Net;
using System.Text.Json;
using System.Threading.Channels;
using McpImageGen.Tests.Testing;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace McpImageGen.Tests.Standalone;

/// <summary>The HTTP+SSE transport: a stream at <c>GET /sse</c>, and posts to the address that it names.</summary>
public sealed class SseTests(SharedStandalone standalone) : IClassFixture<SharedStandalone>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private RunningStandalone Server => standalone.Server;

    [Fact]
    public async Task CSharp_client_generates_an_image_over_the_SSE_transport()
    {
        await using var client = await McpClient.CreateAsync(
            new HttpClientTransport(new HttpClientTransportOptions
            {
                Endpoint = new Uri(Server.Http.BaseAddress!, "/sse"),
                TransportMode = HttpTransportMode.Sse,
                AdditionalHeaders = new Dictionary<string, string> { ["Authorization"] = "Bearer " + Server.Token },
            }),
            cancellationToken: Cancel);

        var tools = await client.ListToolsAsync(cancellationToken: Cancel);
        var result = await client.CallToolAsync(
            "generate_image_and_wait", new Dictionary<string, object?> { ["prompt"] = "down the old stream" }, cancellationToken: Cancel);

        Assert.Contains(tools, tool => tool.Name == "generate_image");
        Assert.NotEqual(true, result.IsError);
        var answer = JsonElement.Parse(result.Content.OfType<TextContentBlock>().First().Text);
        var image = await Server.Http.GetByteArrayAsync(answer.GetProperty("image_url").GetString(), Cancel);
        Assert.Equal([0xFF, 0xD8, 0xFF], image[..3]);
    }

    [Fact]
    [Slow]
    public async Task SSE_responses_are_sent_in_the_order_of_completion()
    {
        using var client = await SseClient.OpenAsync(Server.Http, Server.Token);

        await client.CallAsync(1, "generate_image_and_wait", new { prompt = "slow [latency:3s]" });
        await client.CallAsync(2, "list_jobs", new { });

        Assert.Equal(2, (await client.MessageAsync()).GetProperty("id").GetInt32());
        Assert.Equal(1, (await client.MessageAsync()).GetProperty("id").GetInt32());
    }

    [Fact]
    public async Task Idle_SSE_stream_sends_keep_alive_comments()
    {
        await using var server = await RunningStandalone.StartAsync("--Mcp:KeepAliveEvery=00:00:00.020");
        using var client = await SseClient.OpenAsync(server.Http, server.Token);

        Assert.Equal(": keep-alive", await client.LineAsync());
        Assert.Equal(": keep-alive", await client.LineAsync());
    }

    [Theory]
    [InlineData("/sse", "sse/message?")]
    [InlineData("/SSE/", "message?")]
    public async Task SSE_stream_announces_a_relative_endpoint_and_disables_proxy_buffering(string path, string start)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { Authorization = new("Bearer", Server.Token) } };
        using var response = await Server.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancel);
        using var events = new StreamReader(await response.Content.ReadAsStreamAsync(Cancel));

        Assert.Equal("event: endpoint", await events.ReadLineAsync(Cancel));
        Assert.StartsWith("data: " + start, (await events.ReadLineAsync(Cancel))!, path == "/sse" ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase);
        Assert.Equal("no", response.Headers.GetValues("X-Accel-Buffering").Single());
    }

    [Fact]
    public async Task SSE_batch_gets_a_separate_response_per_request()
    {
        using var client = await SseClient.OpenAsync(Server.Http, Server.Token);

        using var taken = await client.PostAsync(JsonElement.Parse(
            """[{"jsonrpc":"2.0","id":1,"method":"ping"},{"jsonrpc":"2.0","method":"notifications/initialized"},{"jsonrpc":"2.0","id":2.0,"method":"tools/list"}]"""));
        using var refused = await client.PostAsync(JsonElement.Parse("""[{"jsonrpc":"2.0","id":3,"method":"ping"},{"id":4,"method":"ping"}]"""));

        Assert.Equal(HttpStatusCode.Accepted, taken.StatusCode);
        Assert.Equal([1, 2], new[] { await client.MessageAsync(), await client.MessageAsync() }.Select(message => message.GetProperty("id").GetInt32()).Order());
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Contains("jsonrpc", await refused.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task SSE_stream_of_another_owner_is_treated_as_unknown()
    {
        await using var server = await RunningStandalone.StartAsync(
            "--Auth:Tokens:0:Owner=ann", "--Auth:Tokens:0:Token=anns-token", "--Auth:Tokens:1:Owner=ben", "--Auth:Tokens:1:Token=bens-token");
        using var ann = await SseClient.OpenAsync(server.Http, "anns-token");
        var list = new { jsonrpc = "2.0", id = 1, method = "tools/list" };

        using var others = await ann.PostAsync(list, token: "bens-token");
        using var unknown = await ann.PostAsync(list, endpoint: $"/sse/message?sessionId={Guid.NewGuid():N}");
        using var nonsense = await ann.PostAsync(list, endpoint: "/sse/message?sessionId=../ann");
        using var none = await ann.PostAsync(list, endpoint: "/sse/message");
        using var nobodys = await ann.PostAsync(list, token: "wrong");

        Assert.Equal(HttpStatusCode.NotFound, others.StatusCode);
        var answer = await others.Content.ReadAsStringAsync(Cancel);
        foreach (var response in (HttpResponseMessage[])[unknown, nonsense, none])
        {
            Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
            Assert.Equal(answer, await response.Content.ReadAsStringAsync(Cancel));
        }

        Assert.Equal(HttpStatusCode.Unauthorized, nobodys.StatusCode);
    }

    [Theory]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"list_jobs","arguments":[1]}}""")]
    [InlineData("""{"id":1,"method":"tools/list"}""")]
    [InlineData("""[]""")]
    public async Task Invalid_message_posted_to_an_SSE_stream_is_rejected_immediately(string message)
    {
        using var client = await SseClient.OpenAsync(Server.Http, Server.Token);

        using var response = await client.PostAsync(JsonElement.Parse(message));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task SSE_stream_requires_a_token()
    {
        using var response = await Server.Http.GetAsync("/sse", Cancel);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("Bearer", Assert.Single(response.Headers.WwwAuthenticate).Scheme);
    }

    [Fact]
    [Slow]
    public async Task Concurrent_calls_on_an_SSE_stream_are_limited()
    {
        await using var server = await RunningStandalone.StartAsync("--Limits:CallsAtOnce=2");
        using var client = await SseClient.OpenAsync(server.Http, server.Token);

        for (var id = 1; id <= 3; id++)
            await client.CallAsync(id, "generate_image_and_wait", new { prompt = "slow [latency:1m]" });

        var refused = await client.MessageAsync();
        Assert.Equal(3, refused.GetProperty("id").GetInt32());
        Assert.Equal(-32029, refused.GetProperty("error").GetProperty("code").GetInt32());
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(3, false)]
    [Slow]
    public async Task Concurrent_SSE_calls_are_limited_per_owner_regardless_of_ids_and_streams(int streams, bool oneId)
    {
        await using var server = await RunningStandalone.StartAsync(
            "--Limits:CallsAtOnce=4", "--Auth:Tokens:0:Owner=ann", "--Auth:Tokens:0:Token=anns-token", "--Auth:Tokens:1:Owner=ben", "--Auth:Tokens:1:Token=bens-token");
        var job = (await new FetchClient(server.Http, "anns-token").CallAsync("generate_image", new { prompt = "slow [latency:1m]" })).Text("job_id");
        List<SseClient> clients = [];
        try
        {
            for (var i = 0; i < streams; i++)
                clients.Add(await SseClient.OpenAsync(server.Http, "anns-token"));
            for (var i = 0; i < 30; i++)
                await clients[i % streams].CallAsync(oneId ? 1 : i, "wait_for_completion", new { job_id = job });

            // Four calls wait; a refusal comes for each of the others.
            var codes = Channel.CreateUnbounded<int>();
            foreach (var client in clients)
                _ = ReadErrorsAsync(client, codes.Writer);
            for (var i = 0; i < 26; i++)
                Assert.Equal(-32029, await codes.Reader.ReadAsync(Cancel).AsTask().WaitAsync(TimeSpan.FromSeconds(60), Cancel));

            using var ben = await SseClient.OpenAsync(server.Http, "bens-token");
            await ben.CallAsync(1, "list_jobs", new { });
            Assert.True((await ben.MessageAsync()).TryGetProperty("result", out _));
        }
        finally
        {
            clients.ForEach(client => client.Dispose());
        }

        static async Task ReadErrorsAsync(SseClient client, ChannelWriter<int> codes)
        {
            while (true)
                codes.TryWrite((await client.MessageAsync()).GetProperty("error").GetProperty("code").GetInt32());
        }
    }

    [Fact]
    public async Task Cancelled_SSE_call_frees_a_slot_for_another_call()
    {
        await using var server = await RunningStandalone.StartAsync("--Limits:CallsAtOnce=2");
        using var client = await SseClient.OpenAsync(server.Http, server.Token);
        for (var id = 1; id <= 2; id++)
            await client.CallAsync(id, "generate_image_and_wait", new { prompt = "slow [latency:1m]" });

        using var cancelled = await client.PostAsync(new { jsonrpc = "2.0", method = "notifications/cancelled", @params = new { requestId = 1 } });
        await client.CallAsync(3, "list_jobs", new { });

        var answer = await client.MessageAsync();
        Assert.Equal(3, answer.GetProperty("id").GetInt32());
        Assert.True(answer.TryGetProperty("result", out _), answer.ToString());
    }

    [Fact]
    [Slow]
    public async Task Stopping_server_responds_to_pending_SSE_calls_and_ends_the_stream()
    {
        using var folder = new TemporaryFolder();
        await using var server = StandaloneProcess.Start(folder.Path);
        var seed = await server.ReadyAsync();
        var token = (await File.ReadAllTextAsync(Path.Combine(folder.Path, "token"), Cancel)).Trim();
        using var client = await SseClient.OpenAsync(seed.Http, token);
        await client.CallAsync(1, "generate_image_and_wait", new { prompt = "slow [latency:1m]" });
        await Until.HoldsAsync(() => seed.CallAsync("list_jobs", new { }), jobs => jobs.Number("total_count") == 1, "the job is accepted");

        server.Terminate();

        Assert.True(ToolOutcome.Of((await client.MessageAsync()).GetProperty("result")).Json.GetProperty("timed_out").GetBoolean());
        string? line;
        while ((line = await client.LineAsync()) is not null)
            Assert.Equal(": keep-alive", line);
        Assert.Equal(0, await server.ExitCodeAsync());
    }
}
