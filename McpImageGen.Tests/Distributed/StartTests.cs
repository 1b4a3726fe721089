using System.Net;
using McpImageGen.Tests.Containers;
using McpImageGen.Tests.Testing;

namespace McpImageGen.Tests.Distributed;

/// <summary>Services that start before the servers they need.</summary>
[Collection<Outages>]
[Slow]
public sealed class StartTests(Servers servers)
{
    [Fact]
    public async Task Services_start_without_any_server_and_work_when_the_servers_are_available()
    {
        await using var system = new DistributedSystem(servers);
        await system.PreparedAsync();
        Server[] all = [servers.Postgres, servers.RabbitMq, servers.Redis, servers.S3];
        await Task.WhenAll(all.Select(server => server.KillAsync()));
        try
        {
            system.StartServices(apis: 2, workers: 2);
            foreach (var service in system.Services)
            {
                await service.ListeningAsync();
                var health = await service.UntilUnhealthyAsync("database");
                Assert.Equal(HttpStatusCode.ServiceUnavailable, health.Code);
                Assert.Equal("alive\n", await service.Http.GetStringAsync("/alive", TestContext.Current.CancellationToken));
            }

            var refused = await system.Client(0).CallAsync("generate_image", new { prompt = "too early" });
            Assert.Equal("database_unavailable", refused.Text("error_code"));

            // Asked to stop before it ever worked, a service does.
            system.Workers[0].Terminate();
            Assert.Equal(0, await system.Workers[0].ExitCodeAsync());
            await system.RestartWorkerAsync(0);
        }
        finally
        {
            await Task.WhenAll(all.Select(server => server.StartAsync()));
        }

        await system.HealthyAsync();
        var done = await system.Client(1).CallAsync("generate_image_and_wait", new { prompt = "in time", count = 3 });
        Assert.True(done.Success, done.Raw);
    }
}
