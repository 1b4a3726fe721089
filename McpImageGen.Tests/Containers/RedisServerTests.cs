using McpImageGen.Tests.Testing;
using StackExchange.Redis;

namespace McpImageGen.Tests.Containers;

[Collection<Outages>]
[Slow]
public sealed class RedisServerTests(Servers servers)
{
    private static readonly RedisChannel Finished = RedisChannel.Literal("finished");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_Redis_database_has_separate_keys_and_channels()
    {
        await using var one = await ConnectAsync();
        await using var another = await ConnectAsync();
        var heard = await one.GetSubscriber().SubscribeAsync(Finished);
        await one.GetDatabase().StringSetAsync("key", "one");

        Assert.True((await another.GetDatabase().StringGetAsync("key")).IsNull);
        Assert.Equal(0, await another.GetSubscriber().PublishAsync(Finished, "another"));
        Assert.Equal(1, await one.GetSubscriber().PublishAsync(Finished, "one"));
        Assert.Equal("one", (await heard.ReadAsync(Cancel)).Message);
    }

    [Fact]
    public async Task Redis_subscriber_receives_messages_after_a_kill_and_restart()
    {
        var settings = await servers.Redis.NewDatabaseAsync();
        await using var subscriber = await ConnectionMultiplexer.ConnectAsync(settings);
        var heard = await subscriber.GetSubscriber().SubscribeAsync(Finished);
        await servers.Redis.KillAsync();
        await Assert.ThrowsAsync<RedisConnectionException>(() => ConnectionMultiplexer.ConnectAsync($"{settings},connectTimeout=500"));
        await servers.Redis.StartAsync();

        await using var sender = await ConnectionMultiplexer.ConnectAsync(settings);
        // Nobody tells when the subscriber has found the server again: it is sent to until it hears.
        using var sending = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var sends = SendUntilAsync(sender, sending.Token);
        Assert.Equal("again", (await heard.ReadAsync(Cancel).AsTask().WaitAsync(TimeSpan.FromSeconds(30), Cancel)).Message);
        await sending.CancelAsync();
        await sends;
    }

    private static async Task SendUntilAsync(ConnectionMultiplexer sender, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (!cancellationToken.IsCancellationRequested)
        {
            await sender.GetSubscriber().PublishAsync(Finished, "again");
            await Task.WhenAny(timer.WaitForNextTickAsync(cancellationToken).AsTask());
        }
    }

    private async Task<ConnectionMultiplexer> ConnectAsync() =>
        await ConnectionMultiplexer.ConnectAsync(await servers.Redis.NewDatabaseAsync());
}
