using McpImageGen.Tests.Containers;
using McpImageGen.Tests.Testing;

namespace McpImageGen.Tests.Distributed;

/// <summary>A Postgres that answers and takes no writes: a standby before it is promoted, or one that an operator has set so.</summary>
[Collection<Outages>]
[Slow]
public sealed class ReadOnlyDatabaseTests(Servers servers)
{
    [Fact]
    public async Task Read_only_Postgres_is_an_outage_and_no_image_is_generated_twice()
    {
        await using var system = new DistributedSystem(servers);
        await system.StartedAsync(apis: 1, workers: 1);
        var client = system.Client(0);
        var ids = (await client.CallAsync("generate_image", new { prompt = "paid for [latency:6s]", count = 3 })).List("job_ids");
        await Until.HoldsAsync(
            () => client.CallAsync("list_jobs", new { status = "processing" }), jobs => jobs.Number("total_count") == 3, "all are generated");

        await servers.Postgres.SetAsync("default_transaction_read_only", "on");
        try
        {
            var refused = await client.CallAsync("generate_image", new { prompt = "meanwhile" });
            Assert.Equal("database_unavailable", refused.Text("error_code"));
            foreach (var service in system.Services)
                await service.UntilUnhealthyAsync("database");

            await Until.HoldsAsync(
                () => Task.FromResult(string.Concat(system.Workers.Select(worker => worker.Output))),
                output => output.Contains("read-only transaction", StringComparison.Ordinal), "a worker has an image and cannot say so");
        }
        finally
        {
            await servers.Postgres.SetAsync("default_transaction_read_only", null);
        }

        var done = await client.CallAsync("wait_for_completion", new { job_ids = ids });
        Assert.True(done.Success, done.Raw);
        Assert.Equal(3, (await system.Emulator.ArrivalsAsync()).Length);
        await Task.WhenAll(system.Services.Select(service => service.UntilAsync("healthy")));
    }
}
