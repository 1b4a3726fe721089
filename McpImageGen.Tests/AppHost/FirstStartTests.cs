namespace McpImageGen.Tests.AppHost;

/// <summary>What a first start finds: empty volumes.</summary>
[Collection<WithAppHost>]
public sealed class FirstStartTests
{
    [Fact]
    public async Task No_resource_logs_an_error()
    {
        await using var volumes = new TestVolumes();
        await using var host = await RunningAppHost.StartAsync(volumes, "--Parameters:emulator-latency=00:00:00.200");

        await host.Dashboard.CaughtUpAsync(host.Client);

        Assert.Empty(await host.Dashboard.ErrorsAsync());
    }
}
