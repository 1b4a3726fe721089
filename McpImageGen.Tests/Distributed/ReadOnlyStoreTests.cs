using McpImageGen.Tests.Containers;
using McpImageGen.Tests.Testing;

namespace McpImageGen.Tests.Distributed;

/// <summary>The image store answers, but does not permit images to be stored.</summary>
[Slow]
public sealed class ReadOnlyStoreTests(Servers servers)
{
    [Fact]
    public async Task Job_stays_pending_and_no_image_is_generated_while_the_image_store_is_read_only()
    {
        await using var store = await ReadOnlyS3.StartAsync();
        await using var system = new DistributedSystem(servers);
        await system.PreparedAsync();
        system.Settings["ConnectionStrings__images"] = store.Connection;
        system.StartServices(apis: 1, workers: 1);
        await Task.WhenAll(system.Services.Select(service => service.ListeningAsync()));

        foreach (var service in system.Services)
            await service.UntilUnhealthyAsync("images");

        var client = system.Client(0);
        var id = (await Until.HoldsAsync(
            () => client.CallAsync("generate_image", new { prompt = "a lighthouse" }), answer => answer.Success, "the job is accepted")).Text("job_id");
        var waiting = await Until.HoldsAsync(
            () => client.CallAsync("get_job_status", new { job_id = id }),
            status => status.Raw.Contains("image_store_refused", StringComparison.Ordinal), "the job says why it waits");
        Assert.Equal("pending", waiting.Text("status"));
        Assert.Empty(await system.Emulator.ArrivalsAsync());

        store.PermitWrites();
        var done = await Until.HoldsAsync(
            () => client.CallAsync("get_job_status", new { job_id = id }), status => status.Text("status") == "completed", "the job is completed");
        Assert.Equal(1, done.Number("attempts"));
        Assert.Single(await system.Emulator.ArrivalsAsync());
        await system.HealthyAsync();
    }
}
