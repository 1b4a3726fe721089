using McpImageGen.Jobs.Signals;
using McpImageGen.McpApi.Sse;
using McpImageGen.Tests.Containers;
using Microsoft.Extensions.Logging.Abstractions;
using StackExchange.Redis;

namespace McpImageGen.Tests.Ports;

public sealed class RedisSseMessagesTests(Servers servers) : SseMessagesContract, IAsyncDisposable
{
    private readonly List<ConnectionMultiplexer> _connections = [];

    public async ValueTask DisposeAsync()
    {
        foreach (var connection in _connections)
            await connection.DisposeAsync();
    }

    [Fact]
    public async Task Without_Redis_a_stream_is_heard_by_its_own_API_only()
    {
        var alone = await ConnectAsync("127.0.0.1:9");
        var address = NewAddress();
        var received = 0;
        await using var subscription = await alone.ReceiveAsync(address, _ => received++, Cancel);

        Assert.True(await alone.SendAsync(address, Request(1), Cancel));
        await Assert.ThrowsAsync<IOException>(() => alone.SendAsync(NewAddress(), Request(1), Cancel));
        Assert.Equal(1, received);
    }

    protected override async Task<(ISseMessages One, ISseMessages Another)> TwoEndsAsync()
    {
        var settings = await servers.Redis.NewDatabaseAsync();
        return (await ConnectAsync(settings), await ConnectAsync(settings));
    }

    private async Task<RedisSseMessages> ConnectAsync(string settings)
    {
        var connection = await ConnectionMultiplexer.ConnectAsync(RedisSetup.Read(settings));
        _connections.Add(connection);
        return new RedisSseMessages(new InProcessSseMessages(), connection, NullLogger<RedisSseMessages>.Instance);
    }
}
