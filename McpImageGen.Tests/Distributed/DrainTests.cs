using McpImageGen.Tests.Containers;
using McpImageGen.Tests.Testing;

namespace McpImageGen.Tests.Distributed;

/// <summary>A service that is asked to stop leaves nothing behind that somebody else would have to find out.</summary>
[Slow]
public sealed class DrainTests(Servers servers)
{
    private const int Concurrency = 4;
    private const int ThreeCalls = 3;

    [Fact]
    public async Task Stopping_worker_completes_its_jobs_and_claims_no_new_ones()
    {
        await using var system = NewSystem(drainFor: "00:01:00", latency: "00:00:02");
        var jobs = await RunningJobs.StartAsync(system, ThreeCalls);

        system.Workers[0].Terminate();

        Assert.Equal(0, await system.Workers[0].ExitCodeAsync());
        var afterTheSignal = system.Workers[0].Output.Split("Application is shutting down")[1];
        Assert.InRange(Count(afterTheSignal, "completed in"), 0, Concurrency);
        Assert.DoesNotContain("was released", afterTheSignal, StringComparison.Ordinal);
        await AssertNothingHappenedAsync(system, await jobs.RecoverAsync("a worker drains"));
    }

    [Fact]
    public async Task Stopping_worker_releases_jobs_that_it_cannot_complete_in_time()
    {
        await using var system = NewSystem(drainFor: "00:00:00", latency: "00:00:03");
        var jobs = await RunningJobs.StartAsync(system, ThreeCalls);

        system.Workers[0].Terminate();

        Assert.Equal(0, await system.Workers[0].ExitCodeAsync());
        Assert.Contains("was released", system.Workers[0].Output, StringComparison.Ordinal);
        var recovery = await jobs.RecoverAsync("a worker gives back");
        Assert.InRange(recovery.PaidTwice, 0, Concurrency);
        await AssertNothingHappenedAsync(system, recovery with { PaidTwice = 0 });
    }

    [Fact]
    public async Task Stopping_API_responds_to_pending_waits()
    {
        await using var system = NewSystem(drainFor: "00:00:00", latency: "00:01:00");
        await system.StartedAsync(apis: 2, workers: 1);
        var ids = (await system.Client(1).CallAsync("generate_image", new { prompt = "slow", count = 2 })).List("job_ids").Select(id => id.GetString()!).ToArray();
        var waits = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => StartedWait.BeginAsync(system.Client(0), ids)));

        system.Apis[0].Terminate();

        foreach (var wait in waits)
        {
            using var begun = wait;
            var answer = await begun.AnswerAsync();
            Assert.False(answer.IsError, answer.Raw);
            Assert.True(answer.Json.GetProperty("timed_out").GetBoolean(), answer.Raw);
        }

        Assert.Equal(0, await system.Apis[0].ExitCodeAsync());
    }

    private static int Count(string text, string part) => text.Split(part).Length - 1;

    private static async Task AssertNothingHappenedAsync(DistributedSystem system, Recovery recovery)
    {
        Assert.True(recovery is { IsWhole: true, PaidTwice: 0 }, recovery.ToString());
        Assert.Equal((0L, 0L), (await system.Jobs.ReclaimedCountAsync(), await system.Jobs.TriedAgainAsync()));
    }

    private DistributedSystem NewSystem(string drainFor, string latency)
    {
        var system = new DistributedSystem(servers);
        system.Settings["Worker__DrainFor"] = drainFor;
        system.Settings["Worker__Concurrency"] = $"{Concurrency}";
        system.Settings["Emulator__Latency"] = latency;
        return system;
    }
}
