using Aspire.Hosting.ApplicationModel;
using McpImageGen.Tests.Distributed;
using McpImageGen.Tests.Testing;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace McpImageGen.Tests.AppHost;

/// <summary>What <c>dotnet run --project McpImageGen.AppHost</c> starts: the whole application, in containers and processes.</summary>
[Collection<WithAppHost>]
[Slow]
public sealed class ApplicationTests(SharedAppHost shared) : IAsyncLifetime
{
    private RunningAppHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await shared.StartedAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [InlineData("postgres")]
    [InlineData("jobs")]
    [InlineData("messaging")]
    [InlineData("redis")]
    [InlineData("minio")]
    [InlineData("images")]
    [InlineData("workers-ai-emulator")]
    [InlineData("mcp-api")]
    [InlineData("generation-worker")]
    public void Every_resource_becomes_healthy(string resource)
    {
        Assert.NotEmpty(_host.InstancesOf(resource));
        Assert.All(_host.InstancesOf(resource), instance =>
        {
            Assert.Equal(KnownResourceStates.Running, instance.Snapshot.State?.Text);
            Assert.Equal(HealthStatus.Healthy, instance.Snapshot.HealthStatus);
        });
    }

    [Theory]
    [InlineData("mcp-api")]
    [InlineData("generation-worker")]
    public void Each_replica_runs_in_a_separate_process(string service)
    {
        var replicas = _host.InstancesOf(service);

        Assert.Equal(replicas[0].Resource.GetReplicaCount(), replicas.Count);
        Assert.Equal(replicas.Count, replicas.Select(RunningAppHost.ProcessOf).Distinct().Count());
    }

    [Fact]
    public async Task Every_API_replica_generates_an_image()
    {
        foreach (var replica in _host.InstancesOf("mcp-api"))
        {
            using var http = new HttpClient { BaseAddress = OwnAddressOf(replica) };
            var done = await new FetchClient(http, AppHostSettings.Token).CallAsync("generate_image_and_wait", new { prompt = "from each of them" });
            Assert.True(done.Success, done.Raw);
        }
    }

    [Fact]
    public async Task Jobs_are_distributed_to_all_workers()
    {
        var ids = await StartTwentyAsync("for everybody [latency:1s]");

        var done = await _host.Client.CallAsync("wait_for_completion", new { job_ids = ids });

        Assert.True(done.Success, done.Raw);
        var jobs = new JobsTable(await _host.ConnectionStringAsync("jobs"));
        Assert.Equal(_host.InstancesOf("generation-worker").Count, await jobs.WorkersOfAsync(ids));
    }

    [Fact]
    public async Task All_jobs_complete_when_a_worker_is_stopped_and_restarted()
    {
        var workers = _host.InstancesOf("generation-worker");
        var worker = workers[0];
        var ids = await StartTwentyAsync("whatever happens [latency:2s]");
        await Until.HoldsAsync(
            async () => (await _host.Client.CallAsync("list_jobs", new { status = "processing" })).Number("total_count"),
            count => count >= workers.Count * SharedAppHost.WorkerConcurrency,
            "every worker has as many jobs as it takes");

        await _host.StopAsync(worker);
        worker = await _host.StartAgainAsync(worker);

        var done = await _host.Client.CallAsync("wait_for_completion", new { job_ids = ids });
        Assert.True(done.Success, done.Raw);
        Assert.Equal(ids, done.List("results").Select(result => result.GetProperty("job_id").GetString()));
        var images = await Task.WhenAll(done.List("results").Select(result => result.GetProperty("image_url").GetString()!).Select(ImageAsync));
        Assert.Equal(ids.Length, images.Distinct().Count());
        using var http = new HttpClient { BaseAddress = OwnAddressOf(worker) };
        await Until.HoldsAsync(() => AnswersAsync(http), isHealthy => isHealthy, "the worker that was started again is healthy");
    }

    private static async Task<bool> AnswersAsync(HttpClient http)
    {
        try
        {
            using var response = await http.GetAsync("/health", TestContext.Current.CancellationToken);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false; // it does not listen yet
        }
    }

    /// <summary>What this process listens on, behind the address that all replicas have.</summary>
    private static Uri OwnAddressOf(ResourceEvent instance) =>
        new(instance.Snapshot.EnvironmentVariables.Single(variable => variable.Name == "ASPNETCORE_URLS").Value!);

    private async Task<string[]> StartTwentyAsync(string prompt)
    {
        var started = await _host.Client.CallAsync("generate_image", new { prompt, count = 20 });
        return [.. started.List("job_ids").Select(id => id.GetString()!)];
    }

    private async Task<string> ImageAsync(string url) =>
        Convert.ToBase64String(await _host.Client.Http.GetByteArrayAsync(url, TestContext.Current.CancellationToken));
}
