using McpImageGen.Tests.Containers;
using McpImageGen.Tests.Testing;

namespace McpImageGen.Tests.Distributed;

/// <summary>Whatever fails while 200 jobs are under way: none is lost, none is finished twice, and all go on when it is over.</summary>
[Collection<Outages>]
[Slow]
public sealed class FailureTests(Servers servers, PostgresServerWithFakeClock clockedPostgres, ReliabilityTable table, ITestOutputHelper output)
    : IClassFixture<PostgresServerWithFakeClock>, IClassFixture<ReliabilityTable>, IDisposable
{
    private const int Concurrency = 16;
    private const int Workers = 3;

    /// <summary>Longer than the 10 s without a heartbeat after which a worker counts as dead.</summary>
    private static readonly TimeSpan Cut = TimeSpan.FromSeconds(15);

    private WrongClock? _wrong;
    private FakeClock? _clock;
    private DistributedSystem? _system;

    private PostgresServer Postgres => _wrong?.Host == "database" ? clockedPostgres : servers.Postgres;

    /// <summary>Faults of the provider, each with the right clock and with a wrong one.</summary>
    public static TheoryData<string, string, string> ProviderFaults()
    {
        var rows = new TheoryData<string, string, string>();
        foreach (var (kind, fault, wrong) in (ReadOnlySpan<(string, string, string)>)
        [
            ("capacity-3040", "Workers AI answers 429 for a while", "worker -200 s"),
            ("server-error", "Workers AI answers 500 for a while", "database +7200 s"),
            ("no-answer", "Workers AI does not respond for a while", "database -200 s"),
        ])
        {
            foreach (var clock in WrongClock.RightAnd(wrong))
                rows.Add(kind, fault, clock);
        }

        return rows;
    }

    /// <summary>Ends the wrong clock; when the test has failed, wherever it did, the logs of the services are written.</summary>
    public void Dispose()
    {
        _clock?.Dispose();
        if (TestContext.Current.TestState?.Result != TestResult.Failed)
            return;
        foreach (var service in _system?.Services ?? [])
            output.WriteLine(service.Output);
    }

    [Theory]
    [MemberData(nameof(WrongClock.RightAnd), "API +7200 s", MemberType = typeof(WrongClock))]
    public async Task All_jobs_complete_after_a_worker_is_killed(string clock)
    {
        await using var system = NewSystem(clock);
        var jobs = await UnderWayAsync(system);

        system.Workers[0].Kill();

        await AssertRecoveredAsync(system, jobs, "a worker is killed", paidTwiceAtMost: Concurrency);
    }

    [Theory]
    [MemberData(nameof(WrongClock.RightAnd), "worker -7200 s", MemberType = typeof(WrongClock))]
    public async Task All_jobs_complete_after_all_workers_are_killed_and_restarted(string clock)
    {
        await using var system = NewSystem(clock);
        var jobs = await UnderWayAsync(system);

        foreach (var worker in system.Workers)
            worker.Kill();
        for (var worker = 0; worker < Workers; worker++)
            await system.RestartWorkerAsync(worker);

        await AssertRecoveredAsync(system, jobs, "all workers are killed and started again", paidTwiceAtMost: Workers * Concurrency);
    }

    [Theory]
    [MemberData(nameof(WrongClock.RightAnd), "API -200 s", MemberType = typeof(WrongClock))]
    public async Task All_jobs_complete_after_an_API_with_pending_waits_is_killed(string clock)
    {
        await using var system = NewSystem(clock);
        var jobs = await UnderWayAsync(system);

        system.Apis[0].Kill();

        await AssertRecoveredAsync(system, jobs, "an API with waiting calls is killed", brokenWaits: 5);
    }

    [Theory]
    [MemberData(nameof(WrongClock.RightAnd), "worker +200 s", MemberType = typeof(WrongClock))]
    public async Task All_jobs_complete_after_RabbitMQ_is_killed_and_restarted(string clock)
    {
        await using var system = NewSystem(clock);
        var jobs = await UnderWayAsync(system);

        await servers.RabbitMq.KillAsync();
        await NothingIsGeneratedAsync(system);
        await servers.RabbitMq.StartAsync();

        await AssertRecoveredAsync(system, jobs, "RabbitMQ is killed and started again");
    }

    [Theory]
    [MemberData(nameof(WrongClock.RightAnd), "API steps -3600 s", MemberType = typeof(WrongClock))]
    public async Task All_jobs_complete_after_RabbitMQ_is_replaced_by_an_empty_instance(string clock)
    {
        await using var system = NewSystem(clock);
        var jobs = await UnderWayAsync(system);

        await servers.RabbitMq.ReplaceAsync();
        await servers.RabbitMq.CreateVirtualHostAgainAsync(system.Broker);

        await AssertRecoveredAsync(system, jobs, "RabbitMQ is replaced by an empty instance");
    }

    [Theory]
    [MemberData(nameof(WrongClock.RightAnd), "worker steps -3600 s", MemberType = typeof(WrongClock))]
    public async Task All_jobs_complete_after_Redis_is_killed_and_restarted(string clock)
    {
        await using var system = NewSystem(clock);
        var jobs = await UnderWayAsync(system);

        await servers.Redis.KillAsync();
        var before = await system.Emulator.StatisticsAsync();
        await system.Emulator.UntilAsync(
            seen => seen.Generations >= before.Generations + (Workers * Concurrency), "jobs are generated without Redis");
        await servers.Redis.StartAsync();

        await AssertRecoveredAsync(system, jobs, "Redis is killed and started again");
    }

    [Theory]
    [MemberData(nameof(WrongClock.RightAnd), "API -7200 s", MemberType = typeof(WrongClock))]
    public async Task All_jobs_complete_after_Postgres_is_stopped_and_restarted(string clock)
    {
        await using var system = NewSystem(clock);
        var jobs = await UnderWayAsync(system);

        await Postgres.StopAsync();
        await NothingIsGeneratedAsync(system);
        await Postgres.StartAsync();

        await AssertRecoveredAsync(system, jobs, "Postgres is stopped and started again");
    }

    [Theory]
    [MemberData(nameof(WrongClock.RightAnd), "worker +7200 s", MemberType = typeof(WrongClock))]
    public async Task All_jobs_complete_after_S3_is_stopped_and_restarted(string clock)
    {
        await using var system = NewSystem(clock);
        var jobs = await UnderWayAsync(system);

        await servers.S3.StopAsync();
        await NothingIsGeneratedAsync(system);
        await servers.S3.StartAsync();

        await AssertRecoveredAsync(system, jobs, "S3 is stopped and started again");
    }

    [Theory]
    [MemberData(nameof(ProviderFaults))]
    public async Task All_jobs_complete_after_Workers_AI_fails_for_a_while(string kind, string fault, string clock)
    {
        await using var system = NewSystem(clock, ("WorkersAi__Timeout", "00:00:10"));
        var jobs = await UnderWayAsync(system);

        await system.Emulator.FailAsync(kind);
        await system.Emulator.UntilAsync(
            seen => seen.Failures.GetValueOrDefault(kind) > Workers * Concurrency, $"requests meet the fault {kind}");
        await system.Emulator.WorkAgainAsync();

        await AssertRecoveredAsync(system, jobs, fault);
    }

    [Theory]
    [MemberData(nameof(WrongClock.RightAnd), "database steps -7200 s", MemberType = typeof(WrongClock))]
    public async Task All_jobs_complete_after_a_worker_is_suspended_past_its_lease_and_resumes(string clock)
    {
        await using var system = NewSystem(clock, ("WorkersAi__Timeout", "00:00:09"), ("Jobs__Lease", "00:00:10"));
        var jobs = await UnderWayAsync(system);

        system.Workers[0].Freeze();
        await Until.HoldsAsync(system.Jobs.ReclaimedCountAsync, count => count > 0, "the jobs of the worker are taken over");
        system.Workers[0].Unfreeze();

        await AssertRecoveredAsync(system, jobs, "a worker is suspended past its lease and resumes", paidTwiceAtMost: Concurrency);
        Assert.Contains("the result was discarded", system.Workers[0].Output, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(WrongClock.RightAnd), "API +200 s", MemberType = typeof(WrongClock))]
    public async Task All_jobs_complete_when_every_message_is_delivered_twice_and_one_is_unreadable(string clock)
    {
        await using var system = NewSystem(clock);
        await system.StartedAsync();
        await using var copies = await CopiedMessages.StartAsync(system.Broker);
        var jobs = await UnderWayAsync(system);

        await copies.SendAsync("no message"u8.ToArray());

        await AssertRecoveredAsync(system, jobs, "every message is delivered twice, and one is unreadable");
        Assert.True(copies.Count >= 205, $"Only {copies.Count} messages were copied.");
        Assert.Equal(1u, await copies.UnreadableAsync());
    }

    [Theory]
    [InlineData("database steps +7200 s")]
    [InlineData("database steps -7200 s")]
    [InlineData("database steps -200 s")]
    [InlineData("worker steps +7200 s")]
    [InlineData("API steps -7200 s")]
    public async Task All_jobs_complete_when_only_a_clock_is_wrong(string clock)
    {
        await using var system = NewSystem(clock);
        var jobs = await UnderWayAsync(system);

        await AssertRecoveredAsync(system, jobs, "no other fault");
    }

    [Theory]
    [InlineData("Postgres", "ConnectionStrings__jobs", Concurrency)]
    [InlineData("RabbitMQ", "ConnectionStrings__messaging", 0)]
    [InlineData("Redis", "ConnectionStrings__redis", 0)]
    [InlineData("S3", "ConnectionStrings__images", 0)]
    [InlineData("Workers AI", "WorkersAi__BaseUrl", Concurrency)]
    public async Task All_jobs_complete_after_a_worker_is_disconnected_from_one_server(string server, string setting, int paidTwiceAtMost)
    {
        await using var system = NewSystem("", ("WorkersAi__Timeout", "00:00:10"));
        await using var link = await LinkAsync(system, "GenerationWorker", setting);
        var jobs = await UnderWayAsync(system);

        await CutAsync(link);

        await AssertRecoveredAsync(system, jobs, $"a worker is cut off from {server} for {Cut.TotalSeconds} s", paidTwiceAtMost);
    }

    [Theory]
    [InlineData("Postgres", "ConnectionStrings__jobs")]
    [InlineData("RabbitMQ", "ConnectionStrings__messaging")]
    [InlineData("Redis", "ConnectionStrings__redis")]
    [InlineData("S3", "ConnectionStrings__images")]
    public async Task All_jobs_complete_after_an_API_is_disconnected_from_one_server(string server, string setting)
    {
        await using var system = NewSystem("");
        await using var link = await LinkAsync(system, "McpApi", setting);
        var jobs = await UnderWayAsync(system);

        await CutAsync(link);

        await AssertRecoveredAsync(system, jobs, $"an API is cut off from {server} for {Cut.TotalSeconds} s");
    }

    [Fact]
    public async Task All_jobs_complete_after_a_worker_is_suspended_for_less_than_its_lease()
    {
        await using var system = NewSystem("");
        var jobs = await UnderWayAsync(system);

        system.Workers[0].Freeze();
        await Task.Delay(TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken);
        system.Workers[0].Unfreeze();

        await AssertRecoveredAsync(system, jobs, "a worker is suspended for 5 s and resumes");
        Assert.Equal(0, await system.Jobs.ReclaimedCountAsync());
    }

    [Fact]
    public async Task All_jobs_complete_when_every_message_is_delivered_late_and_twice()
    {
        await using var system = NewSystem("");
        var jobs = await UnderWayAsync(system);

        await using var messages = await LateMessages.StartAsync(system.Broker, delay: TimeSpan.FromSeconds(20));
        await Task.Delay(Cut, TestContext.Current.CancellationToken);
        await messages.EndAsync();

        await AssertRecoveredAsync(system, jobs, "every message is delivered 20 s late, and twice, for a while");
    }

    /// <summary>Starts the system, with its wrong clock, and jobs; a clock that steps does so then.</summary>
    private async Task<RunningJobs> UnderWayAsync(DistributedSystem system)
    {
        if (_wrong?.Host == "database")
        {
            await clockedPostgres.StartAsync();
            await clockedPostgres.SetClockAsync(_wrong.Start);
        }

        var jobs = await RunningJobs.StartAsync(system);
        if (_wrong?.Host == "database")
        {
            await clockedPostgres.SetClockAsync(_wrong.Later);
        }
        else if (_wrong is not null)
        {
            _clock!.Set(_wrong.Later);
            await HasOffsetAsync(_wrong.Host == "API" ? system.Apis[^1] : system.Workers[^1], _wrong.Later);
        }

        return jobs;
    }

    private static Task<TimeSpan> HasOffsetAsync(ServiceProcess service, TimeSpan offset) => Until.HoldsAsync(
        async () =>
        {
            using var response = await service.Http.GetAsync("/alive", TestContext.Current.CancellationToken);
            return response.Headers.Date!.Value - DateTimeOffset.UtcNow;
        },
        seen => (seen - offset).Duration() < TimeSpan.FromSeconds(10), $"the service's clock has the offset {offset}");

    /// <summary>Prepares the system so that its first API or worker reaches the server of this setting through a link.</summary>
    private static async Task<CuttableLink> LinkAsync(DistributedSystem system, string service, string setting)
    {
        await system.PreparedAsync();
        var link = new CuttableLink(system.Settings[setting]);
        system.SettingsOf(service, 0)[setting] = link.Address;
        return link;
    }

    private static async Task CutAsync(CuttableLink link)
    {
        link.Cut();
        await Task.Delay(Cut, TestContext.Current.CancellationToken);
        link.Restore();
    }

    private static Task NothingIsGeneratedAsync(DistributedSystem system) =>
        system.Emulator.UntilAsync(seen => seen.InProgress == 0, "what was under way is generated, and nothing is begun");

    private DistributedSystem NewSystem(string clock, params (string Name, string Value)[] settings)
    {
        _wrong = WrongClock.Parse(clock);
        var system = _system = new DistributedSystem(servers) { Postgres = Postgres };
        if (_wrong is { Host: "API" or "worker" })
        {
            _clock = new(_wrong.Start);
            var own = _wrong.Host == "API" ? system.SettingsOf("McpApi", 1) : system.SettingsOf("GenerationWorker", Workers - 1);
            foreach (var (name, value) in _clock.Settings)
                own[name] = value;
        }

        system.Settings["Worker__Concurrency"] = $"{Concurrency}";
        system.Settings["Emulator__Latency"] = "00:00:02";
        foreach (var (name, value) in settings)
            system.Settings[name] = value;
        return system;
    }

    private async Task AssertRecoveredAsync(
        DistributedSystem system, RunningJobs jobs, string fault, int paidTwiceAtMost = 0, int brokenWaits = 0)
    {
        var recovery = await jobs.RecoverAsync(_wrong is null ? fault : $"{fault}; clock of {_wrong.Text}");
        table.Add(recovery, paidTwiceAtMost);
        output.WriteLine(recovery.ToString());
        if (recovery.IsWhole && recovery.PaidTwice <= paidTwiceAtMost)
        {
            Assert.Equal(brokenWaits, jobs.BrokenWaits);
            return;
        }

        Assert.Fail($"At most {paidTwiceAtMost} may be paid twice, and nothing else may go wrong: {recovery}");
    }
}
