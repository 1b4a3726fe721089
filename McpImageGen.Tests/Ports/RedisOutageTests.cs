using McpImageGen.Contracts;
using McpImageGen.Jobs.Signals;
using McpImageGen.Tests.Containers;
using McpImageGen.Tests.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using StackExchange.Redis;

namespace McpImageGen.Tests.Ports;

[Collection<TimedOutages>]
[Slow]
public sealed class RedisOutageTests(Servers servers)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Listener_is_notified_of_missed_signals_and_receives_signals_after_a_Redis_outage()
    {
        var settings = await servers.Redis.NewDatabaseAsync();
        using var api = Build(settings);
        using var worker = Build(settings);
        await using var listener = await Listener.BeginAsync(SignalsOf(api));
        await SignalsOf(worker).PublishAsync(NewSignal(), Cancel);
        await listener.HeardAsync();

        await servers.Redis.KillAsync();
        await Assert.ThrowsAnyAsync<RedisException>(() => SignalsOf(worker).PublishAsync(NewSignal(), Cancel));
        Assert.Equal(HealthStatus.Degraded, await HealthAsync(api));
        listener.ForgetMissed();

        await servers.Redis.StartAsync();
        await listener.MissedAsync();
        await AssertHearsAsync(listener, settings);
        Assert.Equal(HealthStatus.Healthy, await HealthAsync(api));
    }

    [Fact]
    public async Task Process_started_without_Redis_receives_signals_when_Redis_is_available()
    {
        var settings = await servers.Redis.NewDatabaseAsync();
        await servers.Redis.KillAsync();
        using var api = Build(settings);
        await using var listener = await Listener.BeginAsync(SignalsOf(api));
        await Assert.ThrowsAnyAsync<RedisException>(() => SignalsOf(api).PublishAsync(NewSignal(), Cancel));
        Assert.Equal(HealthStatus.Degraded, await HealthAsync(api));

        await servers.Redis.StartAsync();
        await listener.MissedAsync();
        await AssertHearsAsync(listener, settings);
    }

    [Fact]
    public async Task Listener_can_be_disposed_while_Redis_is_unavailable()
    {
        var settings = await servers.Redis.NewDatabaseAsync();
        using var api = Build(settings);
        var listener = await Listener.BeginAsync(SignalsOf(api));

        await servers.Redis.KillAsync();
        Assert.Null(await Record.ExceptionAsync(() => listener.DisposeAsync().AsTask()));

        await servers.Redis.StartAsync();
    }

    /// <summary>From a process that has just connected: once a listener was told, it misses nothing more.</summary>
    private static async Task AssertHearsAsync(Listener listener, string settings)
    {
        using var worker = Build(settings);
        var signal = NewSignal();
        await SignalsOf(worker).PublishAsync(signal, Cancel);
        Assert.Equal(signal, await listener.HeardAsync());
    }

    private static IHost Build(string settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration["ConnectionStrings:redis"] = settings;
        builder.AddRedisJobSignals();
        return builder.Build();
    }

    private static JobFinished NewSignal() => new(Guid.CreateVersion7());

    private static IJobSignals SignalsOf(IHost host) => host.Services.GetRequiredService<IJobSignals>();

    private static async Task<HealthStatus> HealthAsync(IHost host) =>
        (await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(Cancel)).Entries["signals"].Status;
}
