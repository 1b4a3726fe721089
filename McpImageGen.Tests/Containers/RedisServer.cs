using DotNet.Testcontainers.Containers;
using Microsoft.Extensions.Logging.Abstractions;
using StackExchange.Redis;
using Testcontainers.Redis;

namespace McpImageGen.Tests.Containers;

public sealed class RedisServer() : Server("Redis")
{
    private const int Databases = 1000;

    private int _given;

    /// <summary>Keys and channels of the caller's own, as StackExchange.Redis' connection string.</summary>
    public async Task<string> NewDatabaseAsync()
    {
        await StartAsync();
        // Databases divide keys; channels all databases share.
        return $"{Address},defaultDatabase={Interlocked.Increment(ref _given) % Databases},channelPrefix={NewName()}:";
    }

    private string Address => $"{Host}:{Port}";

    protected override IContainer Create() => new RedisBuilder(ContainerSettings.Image("REDIS", "redis:8"))
        .WithCommand("redis-server", "--databases", $"{Databases}")
        .WithPortBinding(Port, RedisBuilder.RedisPort)
        .WithLabel(ContainerSettings.RunLabel, ContainerSettings.Run)
        .WithLogger(NullLogger.Instance)
        .Build();

    protected override async Task TryAsync(CancellationToken cancellationToken)
    {
        await using var connection = await ConnectionMultiplexer.ConnectAsync(Address);
        await connection.GetDatabase().PingAsync();
    }
}
