using McpImageGen.Tests.Containers;
using McpImageGen.Tests.Testing;

namespace McpImageGen.Tests.AppHost;

/// <summary>What keeps a resource from running is one line in the AppHost's console, while the AppHost waits.</summary>
[Slow]
public sealed class ResourceWatcherTests
{
    [Fact]
    public async Task Unreachable_server_is_reported_once_with_the_reason()
    {
        await using var host = AppHostProcess.Start();
        string[] servers = ["jobs", "messaging", "redis", "images"];

        foreach (var server in servers)
            await host.UntilWrittenAsync($"{server} is unhealthy: ");

        host.Terminate();
        Assert.Equal(0, await host.ExitCodeAsync());
        var lines = host.Output.Split(Environment.NewLine);
        Assert.All(servers, server => Assert.Single(lines, line => line.Contains($"{server} is unhealthy: ", StringComparison.Ordinal)));
        Assert.Contains(lines, line => line.Contains("jobs is unhealthy: Failed to connect to 127.0.0.1:", StringComparison.Ordinal));
        Assert.Empty(host.Errors);
        Assert.DoesNotContain(AppHostProcess.Password, host.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Container_image_that_cannot_be_pulled_is_reported_once()
    {
        ContainerSettings.RequireDocker();
        await using var host = AppHostProcess.Start(
            ("ConnectionStrings__redis", ""), ("Parameters__redis_image", "mcpimagegen-test/there-is-none:1"));

        await host.UntilWrittenAsync("mcpimagegen-test/there-is-none:1)");

        host.Terminate();
        Assert.Equal(0, await host.ExitCodeAsync());
        Assert.Single(host.Output.Split(Environment.NewLine), line => line.Contains("redis failed to start: ", StringComparison.Ordinal));
        Assert.Empty(host.Errors);
        Assert.DoesNotContain(AppHostProcess.Password, host.Output, StringComparison.Ordinal);
    }
}
