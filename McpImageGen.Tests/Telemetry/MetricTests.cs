using System.Text.Json;
using McpImageGen.Tests.Testing;

namespace McpImageGen.Tests.Telemetry;

/// <summary>The figures of docs/telemetry.md, after jobs whose outcome is known.</summary>
public sealed class MetricTests
{
    private const string Flux = "gen_ai.request.model=flux-schnell";
    private const string Sdxl = "gen_ai.request.model=sdxl-base";

    [Fact]
    public async Task Jobs_retries_durations_and_cost_are_recorded_per_model()
    {
        await using var server = await RunningStandalone.StartAsync();
        using var metrics = new RecordedMetrics(server.Services);

        var three = await server.Client.CallAsync("generate_image_and_wait", new { prompt = "three of a kind", count = 3 });
        var later = await server.Client.CallAsync("generate_image_and_wait", new { prompt = "[fault:server-error*1]", model = "sdxl-base" });
        var refused = await server.Client.CallAsync("generate_image_and_wait", new { prompt = "[fault:prompt-rejected]" });

        Assert.True(three.Success && later.Success && !refused.Success);
        Assert.Equal(3, metrics.Of("mcpimagegen.job.finished", "mcpimagegen.job.status=completed", Flux).Sum());
        Assert.Equal(1, metrics.Of("mcpimagegen.job.finished", "mcpimagegen.job.status=completed", Sdxl).Sum());
        Assert.Equal(1, metrics.Of("mcpimagegen.job.finished", "mcpimagegen.job.status=failed", Flux, "error.type=prompt_rejected").Sum());
        Assert.Equal(5, metrics.Of("mcpimagegen.job.finished").Sum());
        Assert.Equal([1], metrics.Of("mcpimagegen.job.retries", Sdxl));
        Assert.Equal(4, metrics.Of("mcpimagegen.job.queue.duration", Flux).Length);
        Assert.Single(metrics.Of("mcpimagegen.job.queue.duration", Sdxl));
        Assert.All(metrics.Of("mcpimagegen.job.queue.duration"), seconds => Assert.InRange(seconds, 0, 60));
        Assert.Equal(4, metrics.Of("gen_ai.client.operation.duration", Flux).Length);
        Assert.Equal(2, metrics.Of("gen_ai.client.operation.duration", Sdxl).Length);
        Assert.Single(metrics.Of("gen_ai.client.operation.duration", "error.type=prompt_rejected"));
        Assert.Equal(await NeuronsAsync(server, 4), metrics.Of("mcpimagegen.generation.cost").Sum(), tolerance: 0.001);
    }

    [Fact]
    [Slow]
    public async Task Deferred_job_counts_no_retry_and_its_queue_duration_includes_the_delay()
    {
        await using var server = await RunningStandalone.StartAsync("--WorkersAi:RequestsPerMinute=1", "--WorkersAi:RateWindow=00:00:01");
        using var metrics = new RecordedMetrics(server.Services);

        var done = await server.Client.CallAsync("generate_image_and_wait", new { prompt = "one after the other", count = 2 });

        Assert.True(done.Success, done.Raw);
        Assert.Equal(2, metrics.Of("gen_ai.client.operation.duration").Length);
        Assert.Equal(2, metrics.Of("mcpimagegen.job.queue.duration").Length);
        Assert.Contains(metrics.Of("mcpimagegen.job.queue.duration"), seconds => seconds > 1);
        Assert.Empty(metrics.Of("mcpimagegen.job.retries"));
    }

    [Fact]
    public async Task Unfinished_jobs_are_counted_when_the_metric_is_observed()
    {
        await using var server = await RunningStandalone.StartAsync("--Worker:Concurrency=1");
        using var metrics = new RecordedMetrics(server.Services);
        await server.Client.CallAsync("generate_image", new { prompt = "not now [latency:1m]", count = 3 });

        metrics.Observe("mcpimagegen.job.unfinished");

        Assert.Equal(3, metrics.Of("mcpimagegen.job.unfinished", Flux).Sum());
        Assert.InRange(metrics.Of("mcpimagegen.job.unfinished", Flux, "mcpimagegen.job.status=processing").Single(), 0, 1);
        Assert.Equal([0, 0], metrics.Of("mcpimagegen.job.unfinished", Sdxl));
    }

    [Fact]
    public async Task Every_metric_has_its_unit()
    {
        await using var server = await RunningStandalone.StartAsync();
        using var metrics = new RecordedMetrics(server.Services);
        await server.Client.CallAsync("generate_image_and_wait", new { prompt = "[fault:server-error*1]" });

        metrics.Observe("mcpimagegen.job.unfinished");

        Assert.Equal(
            [
                ("gen_ai.client.operation.duration", "s"),
                ("mcpimagegen.generation.cost", "{neuron}"),
                ("mcpimagegen.job.finished", "{job}"),
                ("mcpimagegen.job.queue.duration", "s"),
                ("mcpimagegen.job.retries", "{retry}"),
                ("mcpimagegen.job.unfinished", "{job}"),
                ("mcpimagegen.wait.active", "{call}"),
            ],
            metrics.Units().Select(unit => (unit.Key, unit.Value!)));
    }

    private static async Task<double> NeuronsAsync(RunningStandalone server, int images)
    {
        var done = (await server.Client.CallAsync("list_generations", new { })).List("generations");
        Assert.Equal(images, done.Count);
        var neurons = 0.0;
        foreach (var image in done)
        {
            var status = await server.Client.CallAsync("get_job_status", new { job_id = image.GetProperty("job_id").GetString() });
            neurons += status.Json.GetProperty("neurons") is { ValueKind: JsonValueKind.Number } cost ? cost.GetDouble() : 0;
        }

        Assert.True(neurons > 0);
        return neurons;
    }
}
