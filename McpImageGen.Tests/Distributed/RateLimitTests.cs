using McpImageGen.Tests.Containers;
using McpImageGen.Tests.Testing;

namespace McpImageGen.Tests.Distributed;

/// <summary>Three workers, one account.</summary>
[Slow]
public sealed class RateLimitTests(Servers servers)
{
    private const int Limit = 10;
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(3);

    [Fact]
    public async Task All_workers_together_respect_the_rate_limit_and_each_job_is_deferred_at_most_once()
    {
        await using var system = new DistributedSystem(servers);
        system.Settings["WorkersAi__RequestsPerMinute"] = $"{Limit}";
        system.Settings["WorkersAi__RateWindow"] = $"{Window}";
        await system.StartedAsync();

        var one = await system.Client(0).CallAsync("generate_image", new { prompt = "many", count = 20 });
        var another = await system.Client(1).CallAsync("generate_image", new { prompt = "more", count = 10 });
        string[] ids = [.. IdsOf(one), .. IdsOf(another)];

        foreach (var some in ids.Chunk(20))
        {
            var done = await system.Client(0).CallAsync("wait_for_completion", new { job_ids = some });
            Assert.True(done.Success, done.Raw);
        }

        var arrivals = await system.Emulator.ArrivalsAsync();
        Assert.Equal(ids.Length, arrivals.Length);
        Assert.All(arrivals.Zip(arrivals.Skip(Limit)), pair => Assert.True(pair.Second - pair.First > Window.TotalMilliseconds));
        var said = string.Concat(system.Workers.Select(worker => worker.Output));
        Assert.All(ids, id => Assert.InRange(said.Split($"Job {id} will be retried in").Length - 1, 0, 1));
    }

    private static IEnumerable<string> IdsOf(ToolOutcome started) => started.List("job_ids").Select(id => id.GetString()!);
}
