using System.Net;
using McpImageGen.Tests.Containers;
using McpImageGen.Tests.Testing;
using RabbitMQ.Client;

namespace McpImageGen.Tests.Distributed;

/// <summary>What an API and a worker say of themselves and of what they need.</summary>
[Collection<Outages>]
public sealed class HealthTests(Servers servers) : IAsyncLifetime
{
    private string _broker = "";
    private ServiceProcess[] _services = [];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        ContainerSettings.RequireDocker();
        await servers.StartAsync();
        _broker = await servers.RabbitMq.NewVirtualHostAsync();
        Dictionary<string, string> settings = new()
        {
            ["ConnectionStrings__jobs"] = await servers.Postgres.NewDatabaseAsync(),
            ["ConnectionStrings__messaging"] = _broker,
            ["ConnectionStrings__redis"] = await servers.Redis.NewDatabaseAsync(),
            ["ConnectionStrings__images"] = await servers.S3.NewBucketAsync(),
            ["AUTH_TOKEN"] = "health",
            ["WorkersAi__AccountId"] = "emulator",
            ["WorkersAi__ApiToken"] = "emulator",
        };
        _services = [ServiceProcess.Start("McpApi", settings), ServiceProcess.Start("GenerationWorker", settings)];
        await Task.WhenAll(_services.Select(service => service.HealthyAsync()));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var service in _services)
            await service.DisposeAsync();
    }

    [Fact]
    public async Task Everything_that_a_service_needs_is_named()
    {
        foreach (var service in _services)
        {
            Assert.Equal("alive\n", await service.Http.GetStringAsync("/alive", Cancel));
            var health = await service.UntilAsync("healthy");
            Assert.Equal(HttpStatusCode.OK, health.Code);
            Assert.Equal(
                ["broker", "bus", "database", "images", "signals"],
                health.Body.GetProperty("checks").EnumerateObject().Select(check => check.Name).Order());
        }
    }

    [Theory]
    [InlineData("database")]
    [InlineData("broker")]
    [InlineData("images")]
    public async Task Without_what_it_needs_a_service_is_alive_and_not_ready(string needed)
    {
        Server server = needed switch { "database" => servers.Postgres, "broker" => servers.RabbitMq, _ => servers.S3 };
        await server.KillAsync();
        try
        {
            foreach (var service in _services)
            {
                var health = await service.UntilAsync("unhealthy");
                Assert.Equal(HttpStatusCode.ServiceUnavailable, health.Code);
                Assert.Equal("unhealthy", health.Body.GetProperty("checks").GetProperty(needed).GetString());
                Assert.Equal("alive\n", await service.Http.GetStringAsync("/alive", Cancel));
            }
        }
        finally
        {
            await server.StartAsync();
        }

        await Task.WhenAll(_services.Select(service => service.UntilAsync("healthy")));
        // What /health answers is no error of the service: it is asked for every few seconds, and before the service is ready.
        Assert.All(_services, service => Assert.DoesNotContain("DefaultHealthCheckService", service.Output, StringComparison.Ordinal));
    }

    [Fact]
    public async Task While_the_broker_is_away_a_worker_waits_for_it_and_makes_no_attempt_that_fails()
    {
        var worker = _services[1];
        await servers.RabbitMq.KillAsync();
        try
        {
            await Until.HoldsAsync(
                () => Task.FromResult(worker.Output),
                output => output.Contains("Cannot connect to the message broker", StringComparison.Ordinal), "the worker waits for the broker");
            await worker.UntilAsync("unhealthy");
        }
        finally
        {
            await servers.RabbitMq.StartAsync();
        }

        await worker.UntilAsync("healthy");
        // After each attempt that fails, MassTransit waits longer; and it logs each with its stack trace.
        Assert.DoesNotContain("Connection Failed", worker.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Retrying", worker.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_message_that_nobody_can_parse_is_counted_and_degrades_but_stops_nothing()
    {
        await SendNonsenseAsync();

        foreach (var service in _services)
        {
            var health = await service.UntilAsync("degraded");
            Assert.Equal(HttpStatusCode.OK, health.Code);
            Assert.Equal("degraded", health.Body.GetProperty("checks").GetProperty("broker").GetString());
            var counts = health.Body.GetProperty("counts");
            Assert.Equal(1, counts.GetProperty("generate-image_error").GetInt64());
            Assert.Equal(0, counts.GetProperty("generate-image_skipped").GetInt64());
            Assert.Equal(0, counts.GetProperty("generate-image_dead").GetInt64());
        }
    }

    private async Task SendNonsenseAsync()
    {
        await using var connection = await new ConnectionFactory { Uri = new Uri(_broker) }.CreateConnectionAsync(Cancel);
        await using var channel = await connection.CreateChannelAsync(
            new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), Cancel);
        await channel.BasicPublishAsync("", "generate-image", mandatory: true, new BasicProperties { Persistent = true }, "nonsense"u8.ToArray(), Cancel);
    }
}
