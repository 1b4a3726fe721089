using McpImageGen.Jobs.Signals;
using McpImageGen.Tests.Containers;
using McpImageGen.Tests.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using StackExchange.Redis;

namespace McpImageGen.Tests.Ports;

[Slow]
public sealed class RedisJobSignalsTests(Servers servers) : JobSignalsContract, IAsyncDisposable
{
    private readonly List<ConnectionMultiplexer> _connections = [];

    public async ValueTask DisposeAsync()
    {
        foreach (var connection in _connections)
            await connection.DisposeAsync();
    }

    [Fact]
    public async Task Unreadable_signal_is_ignored()
    {
        var settings = await servers.Redis.NewDatabaseAsync();
        var signals = await ConnectAsync(settings);
        await using var listener = await Listener.BeginAsync(signals);
        var signal = NewSignal();

        foreach (var payload in (RedisValue[])["", "not an id", new byte[] { 0xFF, 0xFE, 0 }])
            await _connections[0].GetSubscriber().PublishAsync(RedisChannel.Literal("mcpimagegen:job-finished"), payload);
        await signals.PublishAsync(signal, Cancel);

        Assert.Equal(signal, await listener.HeardAsync());
        Assert.Equal(0, listener.Unheard);
    }

    protected override async Task<(IJobSignals One, IJobSignals Another)> TwoEndsAsync()
    {
        var settings = await servers.Redis.NewDatabaseAsync();
        return (await ConnectAsync(settings), await ConnectAsync(settings));
    }

    private async Task<RedisJobSignals> ConnectAsync(string settings)
    {
        var connection = await ConnectionMultiplexer.ConnectAsync(RedisSetup.Read(settings));
        _connections.Add(connection);
        return new RedisJobSignals(connection, NullLogger<RedisJobSignals>.Instance);
    }
}
