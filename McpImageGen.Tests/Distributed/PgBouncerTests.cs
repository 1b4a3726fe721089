using McpImageGen.Tests.Containers;
using McpImageGen.Tests.Testing;

namespace McpImageGen.Tests.Distributed;

[Slow]
public sealed class PgBouncerTests(Servers servers)
{
    [Fact]
    public async Task Services_behind_PgBouncer_in_transaction_mode_restart_and_leave_no_lock()
    {
        await using var bouncer = new PgBouncerServer(servers.Postgres);
        await using var system = new DistributedSystem(servers);
        await system.PreparedAsync();
        var jobs = system.Jobs;
        system.Settings["ConnectionStrings__jobs"] = await bouncer.InFrontOfAsync(system.Settings["ConnectionStrings__jobs"]);
        system.StartServices(apis: 2, workers: 1);
        await system.HealthyAsync();
        foreach (var service in system.Services)
            await service.DisposeAsync();

        Assert.Equal(0, await jobs.LocksAsync());
        system.StartServices(apis: 2, workers: 1);
        await system.HealthyAsync();
        var done = await system.Client(0).CallAsync("generate_image_and_wait", new { prompt = "through a pooler", count = 20 });

        Assert.True(done.Success, done.Raw);
    }
}
