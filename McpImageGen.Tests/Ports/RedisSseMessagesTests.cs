using System.Text.Json;
using System.Threading.Channels;
using McpImageGen.Jobs.Signals;
using McpImageGen.McpApi.Sse;
using McpImageGen.Tests.Containers;
using McpImageGen.Tests.Testing;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Logging.Abstractions;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using StackExchange.Redis;

namespace McpImageGen.Tests.Ports;

[Slow]
public sealed class RedisSseMessagesTests(Servers servers) : SseMessagesContract, IAsyncDisposable
{
    private readonly List<ConnectionMultiplexer> _connections = [];
    private readonly EphemeralDataProtectionProvider _keys = new();

    public async ValueTask DisposeAsync()
    {
        foreach (var connection in _connections)
            await connection.DisposeAsync();
    }

    [Fact]
    public async Task Without_Redis_messages_reach_only_streams_of_the_same_API()
    {
        var alone = await ConnectAsync("127.0.0.1:9");
        var address = NewAddress();
        var received = 0;
        await using var subscription = await alone.ReceiveAsync(address, _ => received++, Cancel);

        Assert.True(await alone.SendAsync(address, Request(1), Cancel));
        await Assert.ThrowsAsync<IOException>(() => alone.SendAsync(NewAddress(), Request(1), Cancel));
        Assert.Equal(1, received);
    }

    [Fact]
    public async Task Forged_and_replayed_Redis_messages_are_ignored()
    {
        var settings = await servers.Redis.NewDatabaseAsync();
        var one = await ConnectAsync(settings);
        var another = await ConnectAsync(settings);
        var stranger = (await ConnectionMultiplexer.ConnectAsync(RedisSetup.Read(settings))).GetSubscriber();
        var address = NewAddress();
        var received = Channel.CreateUnbounded<JsonRpcMessage>();
        await using var subscription = await one.ReceiveAsync(address, message => received.Writer.TryWrite(message), Cancel);
        var seen = Channel.CreateUnbounded<(RedisChannel Channel, RedisValue Message)>();
        await stranger.SubscribeAsync(RedisChannel.Pattern("mcpimagegen:sse:*"), (channel, message) => seen.Writer.TryWrite((channel, message)));
        Assert.True(await another.SendAsync(address, Request(1), Cancel));
        var (channel, message) = await seen.Reader.ReadAsync(Cancel);

        Assert.DoesNotContain(address.Owner, channel.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("tools/list", message.ToString(), StringComparison.Ordinal);
        var forged = JsonSerializer.Serialize<JsonRpcMessage>(Request(2), McpJsonUtilities.DefaultOptions);
        var elsewhere = NewAddress();
        await using var otherStream = await one.ReceiveAsync(elsewhere, other => received.Writer.TryWrite(other), Cancel);
        Assert.True(await another.SendAsync(elsewhere, Request(3), Cancel));
        var (_, ofElsewhere) = await seen.Reader.ReadAsync(Cancel);
        foreach (var payload in (RedisValue[])[forged, message, ofElsewhere, "", "x", RedisValue.EmptyString])
            await stranger.PublishAsync(channel, payload);
        Assert.True(await another.SendAsync(address, Request(4), Cancel));

        List<RequestId> ids = [];
        while (ids.LastOrDefault() is var last && !last.Equals(new RequestId(4)))
            ids.Add(Assert.IsType<JsonRpcRequest>(await received.Reader.ReadAsync(Cancel)).Id);
        Assert.Equal([1, 3, 4], ids.Select(id => (int)(long)id.Id!).Order());
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
        return new RedisSseMessages(new InProcessSseMessages(), connection, _keys, NullLogger<RedisSseMessages>.Instance);
    }
}
