using McpImageGen.Tests.Containers;
using McpImageGen.Tests.Testing;

namespace McpImageGen.Tests.AppHost;

/// <summary><c>ConnectionStrings__NAME</c> of the AppHost names a server that is there: no container is started for it.</summary>
[Collection<WithAppHost>]
[Slow]
public sealed class ExternalServersTests(Servers servers)
{
    [Fact]
    public async Task With_external_servers_the_system_generates_images_and_starts_no_container()
    {
        ContainerSettings.RequireDocker();
        await servers.StartAsync();
        await using var volumes = new TestVolumes();

        await using var host = await RunningAppHost.StartAsync(
            volumes,
            $"--ConnectionStrings:jobs={await servers.Postgres.NewDatabaseUriAsync()}",
            $"--ConnectionStrings:messaging={await servers.RabbitMq.NewVirtualHostAsync()}",
            $"--ConnectionStrings:redis={await servers.Redis.NewDatabaseAsync()}",
            $"--ConnectionStrings:images={await servers.S3.NewBucketAsync()}",
            "--Parameters:worker-replicas=1",
            "--Parameters:emulator-latency=00:00:00.200");

        Assert.DoesNotContain(host.Instances, instance => instance.Snapshot.ResourceType == "Container");
        var done = await host.Client.CallAsync("generate_image_and_wait", new { prompt = "on servers of others" });
        Assert.True(done.Success, done.Raw);
    }
}
