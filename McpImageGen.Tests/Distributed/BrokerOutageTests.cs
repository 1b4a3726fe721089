using McpImageGen.Tests.Containers;
using McpImageGen.Tests.Testing;

namespace McpImageGen.Tests.Distributed;

/// <summary>What callers are told while RabbitMQ is away.</summary>
[Collection<TimedOutages>]
[Slow]
public sealed class BrokerOutageTests(Servers servers)
{
    [Fact]
    public async Task Jobs_are_accepted_within_3_s_while_RabbitMQ_is_down()
    {
        await using var system = new DistributedSystem(servers);
        await system.StartedAsync(apis: 2, workers: 1);
        Assert.True((await system.Client(0).CallAsync("generate_image_and_wait", new { prompt = "before" })).Success);

        await servers.RabbitMq.KillAsync();
        var accepted = await system.Client(0).CallAsync("generate_image", new { prompt = "meanwhile", count = 20 })
            .WaitAsync(TimeSpan.FromSeconds(3), TestContext.Current.CancellationToken);
        Assert.True(accepted.Success, accepted.Raw);
        await servers.RabbitMq.StartAsync();

        var done = await system.Client(1).CallAsync("wait_for_completion", new { job_ids = accepted.List("job_ids") });
        Assert.True(done.Success, done.Raw);
    }
}
