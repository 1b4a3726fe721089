using McpImageGen.GenerationWorker;
using McpImageGen.GenerationWorker.RateLimit;
using McpImageGen.GenerationWorker.WorkersAi;
using McpImageGen.Jobs.Signals;
using McpImageGen.Tests.Containers;
using McpImageGen.Tests.Testing;
using McpImageGen.Tests.WorkersAi;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using StackExchange.Redis;

namespace McpImageGen.Tests.Ports;

[Collection<TimedOutages>]
[Slow]
public sealed class SharedRateLimitOutageTests(Servers servers) : IDisposable
{
    private const int WorkerRegistry = 3;

    private readonly FakeTimeProvider _time = new();
    private readonly KeptLogs _logs = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _logs.Dispose();

    [Fact]
    public async Task Without_Redis_a_worker_uses_only_its_share_of_the_limit_and_logs_it_once()
    {
        using var worker = Build(await servers.Redis.NewDatabaseAsync(), requestsPerMinute: 12);
        Assert.Equal(2, await HowManyGoAsync(worker, of: 2));

        await servers.Redis.KillAsync();

        Assert.Equal(2, await HowManyGoAsync(worker, of: 10));
        _time.Advance(TimeSpan.FromMinutes(1.1));
        Assert.StartsWith("Redis is unavailable", Assert.Single(Warnings), StringComparison.Ordinal);

        var back = RestoredAsync(worker);
        await servers.Redis.StartAsync();
        await back;

        // It may have forgotten what was sent, so a worker keeps to its share for a minute more.
        Assert.Equal(4, await HowManyGoAsync(worker, of: 10));
        Assert.Equal(2, Warnings.Count);
        Assert.StartsWith("Redis is available again", Warnings[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Workers_share_the_limit_again_one_minute_after_Redis_is_available()
    {
        using var worker = Build(await servers.Redis.NewDatabaseAsync(), requestsPerMinute: 12);
        await servers.Redis.KillAsync();
        Assert.Equal(4, await HowManyGoAsync(worker, of: 10));
        var back = RestoredAsync(worker);
        await servers.Redis.StartAsync();
        await back;

        _time.Advance(TimeSpan.FromMinutes(1.1));

        Assert.Equal(12, await HowManyGoAsync(worker, of: 20));
    }

    [Fact]
    public async Task Unresponsive_Redis_is_treated_as_unavailable()
    {
        using var worker = Build(await servers.Redis.NewDatabaseAsync(), requestsPerMinute: 12);
        Assert.Equal(1, await HowManyGoAsync(worker, of: 1));

        await servers.Redis.FreezeAsync();
        try
        {
            Assert.Equal(3, await HowManyGoAsync(worker, of: 5));
        }
        finally
        {
            await servers.Redis.UnfreezeAsync();
        }
    }

    [Fact]
    public async Task Share_of_the_rate_limit_is_at_least_one_request_per_minute()
    {
        using var worker = Build(await servers.Redis.NewDatabaseAsync(), requestsPerMinute: 2);
        await servers.Redis.KillAsync();

        Assert.Equal(1, await HowManyGoAsync(worker, of: 3));
        await servers.Redis.StartAsync();
    }

    private List<string> Warnings => [.. _logs.Lines.Where(line => line.Level == LogLevel.Warning).Select(line => line.Text)];

    private static async Task<int> HowManyGoAsync(IHost worker, int of)
    {
        var limit = worker.Services.GetRequiredService<IRateLimit>();
        var waits = await Task.WhenAll(Enumerable.Range(0, of).Select(_ => limit.TakeAsync(Guid.CreateVersion7(), Cancel)));
        return waits.Count(wait => wait == TimeSpan.Zero);
    }

    private static async Task RestoredAsync(IHost worker)
    {
        var restored = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        worker.Services.GetRequiredService<IConnectionMultiplexer>().ConnectionRestored += (_, connection) =>
        {
            if (connection.ConnectionType == ConnectionType.Interactive)
                restored.TrySetResult();
        };
        await restored.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancel);
    }

    private IHost Build(string redis, int requestsPerMinute)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration["ConnectionStrings:redis"] = redis;
        builder.Logging.AddProvider(_logs);
        builder.Services.AddSingleton<TimeProvider>(_time);
        builder.Services.AddSingleton<WorkerContext>();
        builder.Services.Configure<WorkersAiOptions>(
            options => (options.AccountId, options.RequestsPerMinute) = ("account", requestsPerMinute));
        builder.AddRedisJobSignals();
        builder.AddRedisRateLimit();
        var host = builder.Build();
        host.Services.GetRequiredService<WorkerContext>().MarkRegistered(WorkerRegistry);
        return host;
    }
}
