using McpImageGen.Tests.Containers;
using McpImageGen.Tests.Testing;
using StackExchange.Redis;

namespace McpImageGen.Tests.Distributed;

/// <summary>Connection strings in the form of URIs, as most platforms give them, and users with few rights.</summary>
[Slow]
public sealed class AddressFormTests(Servers servers)
{
    // Each must be percent-encoded, and StackExchange.Redis' own form can't hold the comma.
    private const string Password = "p@s:s/w,o r=d?";

    [Fact]
    public async Task Jobs_complete_when_connection_strings_are_URIs()
    {
        await using var system = new DistributedSystem(servers);
        await system.PreparedAsync();
        system.Settings["ConnectionStrings__jobs"] = await servers.Postgres.NewDatabaseUriAsync();
        system.Settings["ConnectionStrings__redis"] = await RedisAsync(system, "allchannels");
        system.StartServices(apis: 1, workers: 1);
        await system.HealthyAsync();

        var done = await system.Client(0).CallAsync("generate_image_and_wait", new { prompt = "by addresses", count = 3 });

        Assert.True(done.Success, done.Raw);
        foreach (var service in system.Services)
            await service.UntilAsync("healthy");
    }

    [Fact]
    public async Task Redis_user_without_channel_permission_degrades_health()
    {
        await using var system = new DistributedSystem(servers);
        await system.PreparedAsync();
        system.Settings["ConnectionStrings__redis"] = await RedisAsync(system, "resetchannels");
        system.StartServices(apis: 1, workers: 1);

        foreach (var service in system.Services)
        {
            await service.ListeningAsync();
            var health = await service.UntilAsync("degraded");
            Assert.Equal("degraded", health.Body.GetProperty("checks").GetProperty("signals").GetString());
        }
    }

    [Theory]
    [InlineData("ConnectionStrings__jobs", "postgres://ann:hidden@db:many/jobs")]
    [InlineData("ConnectionStrings__jobs", "mysql://ann:hidden=hidden@db/jobs")]
    [InlineData("ConnectionStrings__jobs", "Host=db;Password=hidden;Port=abc")]
    [InlineData("ConnectionStrings__jobs", "Database=hidden")]
    [InlineData("ConnectionStrings__messaging", "127.0.0.1:5672")]
    [InlineData("ConnectionStrings__messaging", "http://ann:hidden@broker:5672")]
    [InlineData("ConnectionStrings__messaging", "amqp://ann:hidden@broker/one/two")]
    [InlineData("ConnectionStrings__redis", "http://ann:hidden@redis")]
    [InlineData("ConnectionStrings__redis", "redis,hidden=1")]
    public async Task Service_with_an_invalid_connection_string_exits_with_one_line_that_names_it(string setting, string value)
    {
        Dictionary<string, string> settings = new()
        {
            ["ConnectionStrings__jobs"] = "Host=db",
            ["ConnectionStrings__messaging"] = "amqp://broker",
            ["ConnectionStrings__redis"] = "redis",
            ["ConnectionStrings__images"] = "Endpoint=http://store;AccessKey=a;SecretKey=b;Bucket=images",
            ["AUTH_TOKEN"] = "token",
            [setting] = value,
        };
        await using var process = ServiceProcess.Start("McpApi", settings);

        Assert.Equal(1, await process.ExitCodeAsync());
        var line = Assert.Single(process.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        Assert.StartsWith($"Cannot start: {setting} ", line, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", line, StringComparison.Ordinal);
    }

    /// <summary>The address of the system's Redis for a user of its own.</summary>
    /// <param name="system">The system.</param>
    /// <param name="channels">Its right to channels.</param>
    private static async Task<string> RedisAsync(DistributedSystem system, string channels)
    {
        var options = ConfigurationOptions.Parse(system.Settings["ConnectionStrings__redis"]);
        var user = $"user-{Guid.NewGuid():N}";
        await using var connection = await ConnectionMultiplexer.ConnectAsync(options);
        await connection.GetDatabase().ExecuteAsync("ACL", "SETUSER", user, "on", $">{Password}", "allkeys", channels, "+@all");
        return $"redis://{user}:{Uri.EscapeDataString(Password)}@{options.EndPoints[0].ToString()!.Split('/')[^1]}/{options.DefaultDatabase}"
            + $"?channelPrefix={Uri.EscapeDataString(options.ChannelPrefix.ToString())}";
    }
}
