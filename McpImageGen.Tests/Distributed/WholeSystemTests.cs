using McpImageGen.Tests.Testing;
using ModelContextProtocol.Client;

namespace McpImageGen.Tests.Distributed;

/// <summary>Any API, any worker: to a client it is one service.</summary>
[Slow]
public sealed class WholeSystemTests(DistributedSystem system) : IClassFixture<DistributedSystem>, IAsyncLifetime
{
    public async ValueTask InitializeAsync() => await system.StartedAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Job_submitted_to_one_API_can_be_awaited_at_another_API()
    {
        var started = await system.Client(0).CallAsync("generate_image", new { prompt = "here and there", count = 20 });
        var ids = started.List("job_ids").Select(id => id.GetString()!).ToArray();

        var done = await system.Client(1).CallAsync("wait_for_completion", new { job_ids = ids });

        Assert.True(done.Success, done.Raw);
        Assert.Equal(ids, done.List("results").Select(result => result.GetProperty("job_id").GetString()));
        Assert.Equal(20, done.List("results").Select(result => result.GetProperty("image_url").GetString()).Distinct().Count());
    }

    [Fact]
    public async Task Every_API_serves_every_image_and_byte_ranges_of_it()
    {
        var done = await system.Client(0).CallAsync("generate_image_and_wait", new { prompt = "one for all" });
        var path = new Uri(done.Text("image_url")).AbsolutePath;

        var here = await system.Apis[0].Http.GetByteArrayAsync(path, TestContext.Current.CancellationToken);
        var there = await system.Apis[1].Http.GetByteArrayAsync(path, TestContext.Current.CancellationToken);
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Range = new(100, 199);
        using var part = await system.Apis[1].Http.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(here, there);
        Assert.Equal([0xFF, 0xD8, 0xFF], here[..3]);
        Assert.Equal(here[100..200], await part.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Response_to_a_message_posted_to_one_API_is_sent_in_the_SSE_stream_of_another_API()
    {
        using var client = await SseClient.OpenAsync(system.Apis[0].Http, DistributedSystem.Token);

        await client.CallAsync(1, "generate_image_and_wait", new { prompt = "there and back" }, elsewhere: system.Apis[1].Http);

        Assert.True(ToolOutcome.Of((await client.MessageAsync()).GetProperty("result")).Success);
    }

    [Fact]
    public async Task SSE_client_works_when_each_request_reaches_another_API()
    {
        using var http = new HttpClient(new RoundRobinHandler(system.Apis));
        await using var client = await McpClient.CreateAsync(
            new HttpClientTransport(
                new HttpClientTransportOptions
                {
                    Endpoint = new Uri(system.Apis[0].Http.BaseAddress!, "/sse"),
                    TransportMode = HttpTransportMode.Sse,
                    AdditionalHeaders = new Dictionary<string, string> { ["Authorization"] = "Bearer " + DistributedSystem.Token },
                },
                http),
            cancellationToken: TestContext.Current.CancellationToken);

        for (var i = 0; i < 4; i++)
        {
            var result = await client.CallToolAsync(
                "generate_image_and_wait", new Dictionary<string, object?> { ["prompt"] = "turn and turn about" },
                cancellationToken: TestContext.Current.CancellationToken);
            Assert.NotEqual(true, result.IsError);
        }
    }

    [Fact]
    public async Task Rejected_prompt_fails_the_job_and_a_transient_fault_does_not()
    {
        var refused = await system.Client(0).CallAsync("generate_image_and_wait", new { prompt = "[fault:prompt-rejected]" });
        var passing = await system.Client(1).CallAsync("generate_image_and_wait", new { prompt = "[fault:server-error*2]" });

        Assert.Equal("prompt_rejected", refused.Text("error_code"));
        Assert.True(passing.Success, passing.Raw);
    }

    [Fact]
    public async Task Jobs_of_a_killed_worker_are_completed_by_other_workers()
    {
        var started = await system.Client(0).CallAsync("generate_image", new { prompt = "taken over [latency:6s]", count = 20 });
        var ids = started.List("job_ids").Select(id => id.GetString()!).ToArray();
        await Until.HoldsAsync(
            () => system.Client(0).CallAsync("list_jobs", new { status = "processing" }), jobs => jobs.Number("total_count") == 20, "all are generated");

        system.Workers[0].Kill();

        var done = await system.Client(1).CallAsync("wait_for_completion", new { job_ids = ids });
        Assert.True(done.Success, done.Raw);
        Assert.Equal(20, done.List("results").Select(result => result.GetProperty("image_url").GetString()).Distinct().Count());
    }

    [Theory]
    [InlineData("McpApi", "ConnectionStrings__jobs is not set")]
    [InlineData("GenerationWorker", "ConnectionStrings__jobs is not set")]
    public async Task Service_without_a_required_setting_exits_and_names_it(string service, string line)
    {
        await using var process = ServiceProcess.Start(service, new() { ["ConnectionStrings__jobs"] = "" });

        Assert.Equal(1, await process.ExitCodeAsync());
        Assert.StartsWith("Cannot start: " + line, process.Output, StringComparison.Ordinal);
    }

    /// <summary>A balancer without affinity.</summary>
    private sealed class RoundRobinHandler(ServiceProcess[] apis) : DelegatingHandler(new SocketsHttpHandler())
    {
        private int _requests;

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var api = apis[Interlocked.Increment(ref _requests) % apis.Length].Http.BaseAddress!;
            request.RequestUri = new UriBuilder(request.RequestUri!) { Port = api.Port }.Uri;
            return base.SendAsync(request, cancellationToken);
        }
    }
}
