using McpImageGen.Tests.Containers;
using McpImageGen.Tests.Testing;

namespace McpImageGen.Tests.Distributed;

/// <summary>Whatever fails while 200 jobs are under way: none is lost, none is finished twice, and all go on when it is over.</summary>
[Collection<Outages>]
public sealed class FailureTests(Servers servers, ReliabilityTable table, ITestOutputHelper output) : IClassFixture<ReliabilityTable>
{
    private const int Concurrency = 16;
    private const int Workers = 3;

    [Fact]
    public async Task A_worker_is_killed()
    {
        await using var system = NewSystem();
        var jobs = await JobsUnderWay.StartAsync(system);

        system.Workers[0].Kill();

        await AssertRecoveredAsync(system, jobs, "a worker is killed", paidTwiceAtMost: Concurrency);
    }

    [Fact]
    public async Task All_workers_are_killed_and_started_again()
    {
        await using var system = NewSystem();
        var jobs = await JobsUnderWay.StartAsync(system);

        foreach (var worker in system.Workers)
            worker.Kill();
        for (var worker = 0; worker < Workers; worker++)
            await system.RestartWorkerAsync(worker);

        await AssertRecoveredAsync(system, jobs, "all workers are killed and started again", paidTwiceAtMost: Workers * Concurrency);
    }

    [Fact]
    public async Task An_API_with_waiters_is_killed()
    {
        await using var system = NewSystem();
        var jobs = await JobsUnderWay.StartAsync(system);

        system.Apis[0].Kill();

        await AssertRecoveredAsync(system, jobs, "an API with waiting calls is killed", brokenWaits: 5);
    }

    [Fact]
    public async Task RabbitMQ_is_killed_and_started_again()
    {
        await using var system = NewSystem();
        var jobs = await JobsUnderWay.StartAsync(system);

        await servers.RabbitMq.KillAsync();
        await NothingIsGeneratedAsync(system);
        await servers.RabbitMq.StartAsync();

        await AssertRecoveredAsync(system, jobs, "RabbitMQ is killed and started again");
    }

    [Fact]
    public async Task RabbitMQ_is_replaced_by_an_empty_one()
    {
        await using var system = NewSystem();
        var jobs = await JobsUnderWay.StartAsync(system);

        await servers.RabbitMq.ReplaceAsync();
        await servers.RabbitMq.CreateVirtualHostAgainAsync(system.Broker);

        await AssertRecoveredAsync(system, jobs, "RabbitMQ is replaced by an empty instance");
    }

    [Fact]
    public async Task Redis_is_killed_and_started_again()
    {
        await using var system = NewSystem();
        var jobs = await JobsUnderWay.StartAsync(system);

        await servers.Redis.KillAsync();
        var before = await system.Emulator.StatisticsAsync();
        await system.Emulator.UntilAsync(
            seen => seen.Generations >= before.Generations + (Workers * Concurrency), "jobs are generated without Redis");
        await servers.Redis.StartAsync();

        await AssertRecoveredAsync(system, jobs, "Redis is killed and started again");
    }

    [Fact]
    public async Task Postgres_is_stopped_and_started_again()
    {
        await using var system = NewSystem();
        var jobs = await JobsUnderWay.StartAsync(system);

        await servers.Postgres.StopAsync();
        await NothingIsGeneratedAsync(system);
        await servers.Postgres.StartAsync();

        await AssertRecoveredAsync(system, jobs, "Postgres is stopped and started again");
    }

    [Fact]
    public async Task S3_is_stopped_and_started_again()
    {
        await using var system = NewSystem();
        var jobs = await JobsUnderWay.StartAsync(system);

        await servers.S3.StopAsync();
        await NothingIsGeneratedAsync(system);
        await servers.S3.StartAsync();

        await AssertRecoveredAsync(system, jobs, "S3 is stopped and started again");
    }

    [Theory]
    [InlineData("capacity-3040", "Workers AI answers 429 for a while")]
    [InlineData("server-error", "Workers AI answers 500 for a while")]
    [InlineData("no-answer", "Workers AI does not respond for a while")]
    public async Task Workers_AI_fails_for_a_while(string kind, string fault)
    {
        await using var system = NewSystem(("WorkersAi__Timeout", "00:00:10"));
        var jobs = await JobsUnderWay.StartAsync(system);

        await system.Emulator.FailAsync(kind);
        await system.Emulator.UntilAsync(
            seen => seen.Failures.GetValueOrDefault(kind) > Workers * Concurrency, $"requests meet the fault {kind}");
        await system.Emulator.WorkAgainAsync();

        await AssertRecoveredAsync(system, jobs, fault);
    }

    [Fact]
    public async Task A_worker_stands_still_past_its_lease_and_goes_on()
    {
        await using var system = NewSystem(("WorkersAi__Timeout", "00:00:09"), ("Jobs__Lease", "00:00:10"));
        var jobs = await JobsUnderWay.StartAsync(system);

        system.Workers[0].Freeze();
        await Until.HoldsAsync(system.Jobs.TakenOverAsync, count => count > 0, "the jobs of the worker are taken over");
        system.Workers[0].Unfreeze();

        await AssertRecoveredAsync(system, jobs, "a worker is suspended past its lease and resumes", paidTwiceAtMost: Concurrency);
        Assert.Contains("its result is dropped", system.Workers[0].Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_message_is_delivered_twice_and_one_is_unreadable()
    {
        await using var system = NewSystem();
        await system.StartedAsync();
        await using var copies = await CopiedMessages.StartAsync(system.Broker);
        var jobs = await JobsUnderWay.StartAsync(system);

        await copies.SendAsync("no message"u8.ToArray());

        await AssertRecoveredAsync(system, jobs, "every message is delivered twice, and one is unreadable");
        Assert.True(copies.Count >= 205, $"Only {copies.Count} messages were copied.");
        Assert.Equal(1u, await copies.UnreadableAsync());
    }

    private static Task NothingIsGeneratedAsync(DistributedSystem system) =>
        system.Emulator.UntilAsync(seen => seen.InProgress == 0, "what was under way is generated, and nothing is begun");

    private DistributedSystem NewSystem(params (string Name, string Value)[] settings)
    {
        var system = new DistributedSystem(servers);
        system.Settings["Worker__Concurrency"] = $"{Concurrency}";
        system.Settings["Emulator__Latency"] = "00:00:02";
        foreach (var (name, value) in settings)
            system.Settings[name] = value;
        return system;
    }

    private async Task AssertRecoveredAsync(
        DistributedSystem system, JobsUnderWay jobs, string fault, int paidTwiceAtMost = 0, int brokenWaits = 0)
    {
        var recovery = await jobs.RecoverAsync(fault);
        table.Add(recovery, paidTwiceAtMost);
        output.WriteLine(recovery.ToString());
        if (recovery.IsWhole && recovery.PaidTwice <= paidTwiceAtMost)
        {
            Assert.Equal(brokenWaits, jobs.BrokenWaits);
            return;
        }

        foreach (var service in system.Apis.Concat(system.Workers))
            output.WriteLine(service.Output);
        Assert.Fail($"At most {paidTwiceAtMost} may be paid twice, and nothing else may go wrong: {recovery}");
    }
}
