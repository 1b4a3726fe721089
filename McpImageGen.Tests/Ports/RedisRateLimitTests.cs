using McpImageGen.GenerationWorker.RateLimit;
using McpImageGen.GenerationWorker.WorkersAi;
using McpImageGen.Jobs.Signals;
using McpImageGen.Tests.Containers;
using McpImageGen.Tests.Testing;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace McpImageGen.Tests.Ports;

[Slow]
public sealed class RedisRateLimitTests(Servers servers) : RateLimitContract, IAsyncDisposable
{
    private readonly List<ConnectionMultiplexer> _connections = [];

    public async ValueTask DisposeAsync()
    {
        foreach (var connection in _connections)
            await connection.DisposeAsync();
    }

    [Fact]
    public async Task Each_account_has_a_separate_rate_limit()
    {
        var connection = await ConnectAsync(await servers.Redis.NewDatabaseAsync());
        var one = new RedisRateLimit(connection, OptionsFor("one", 1));
        var another = new RedisRateLimit(connection, OptionsFor("another", 1));

        Assert.Equal(TimeSpan.Zero, await one.TakeAsync(Guid.CreateVersion7(), Cancel));
        Assert.Equal(TimeSpan.Zero, await another.TakeAsync(Guid.CreateVersion7(), Cancel));
        Assert.NotEqual(TimeSpan.Zero, await one.TakeAsync(Guid.CreateVersion7(), Cancel));
    }

    [Fact]
    public async Task Concurrent_requests_respect_the_shared_rate_limit_and_all_Redis_keys_expire()
    {
        var settings = await servers.Redis.NewDatabaseAsync();
        var one = new RedisRateLimit(await ConnectAsync(settings), OptionsFor("account", 20));
        var another = new RedisRateLimit(await ConnectAsync(settings), OptionsFor("account", 20));

        var waits = await Task.WhenAll(
            Enumerable.Range(0, 100).Select(i => (i % 2 == 0 ? one : another).TakeAsync(Guid.CreateVersion7(), Cancel)));

        Assert.Equal(20, waits.Count(wait => wait == TimeSpan.Zero));
        foreach (var key in (RedisKey[])["mcpimagegen:rate:{account}:sent", "mcpimagegen:rate:{account}:line"])
            Assert.NotNull(await _connections[0].GetDatabase().KeyTimeToLiveAsync(key));
    }

    protected override async Task<(IRateLimit One, IRateLimit Another)> TwoEndsAsync(int requestsPerMinute)
    {
        var settings = await servers.Redis.NewDatabaseAsync();
        return (await NewAsync(settings, requestsPerMinute), await NewAsync(settings, requestsPerMinute));
    }

    private async Task<RedisRateLimit> NewAsync(string settings, int requestsPerMinute) =>
        new(await ConnectAsync(settings), OptionsFor("account", requestsPerMinute))
        {
            Now = () => Time.GetUtcNow().ToUnixTimeMilliseconds(),
        };

    private static IOptions<WorkersAiOptions> OptionsFor(string account, int requestsPerMinute) =>
        Options.Create(new WorkersAiOptions { AccountId = account, RequestsPerMinute = requestsPerMinute });

    private async Task<ConnectionMultiplexer> ConnectAsync(string settings)
    {
        var connection = await ConnectionMultiplexer.ConnectAsync(RedisSetup.Read(settings));
        _connections.Add(connection);
        return connection;
    }
}
