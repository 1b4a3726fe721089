using System.Net;
using McpImageGen.Tests.Containers;
using McpImageGen.Tests.Testing;
using RabbitMQ.Client;

namespace McpImageGen.Tests.Distributed;

/// <summary>What an API and a worker say of themselves and of what they need.</summary>
[Collection<Outages>]
[Slow]
public sealed class HealthTests(Servers servers, DistributedSystem system) : IClassFixture<DistributedSystem>, IAsyncLifetime
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>All tests share the services, so each waits until they are healthy after the test before it.</summary>
    public async ValueTask InitializeAsync()
    {
        await system.StartedAsync(apis: 1, workers: 1);
        await Task.WhenAll(system.Services.Select(service => service.UntilAsync("healthy")));
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Health_response_lists_every_dependency()
    {
        foreach (var service in system.Services)
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
    public async Task Service_without_a_required_server_is_alive_but_not_ready(string needed)
    {
        Server server = needed switch { "database" => servers.Postgres, "broker" => servers.RabbitMq, _ => servers.S3 };
        await server.KillAsync();
        try
        {
            foreach (var service in system.Services)
            {
                var health = await service.UntilUnhealthyAsync(needed);
                Assert.Equal(HttpStatusCode.ServiceUnavailable, health.Code);
                Assert.Equal("alive\n", await service.Http.GetStringAsync("/alive", Cancel));
            }
        }
        finally
        {
            await server.StartAsync();
        }

        await Task.WhenAll(system.Services.Select(service => service.UntilAsync("healthy")));
        // What /health answers is no error of the service: it is asked for every few seconds, and before the service is ready.
        Assert.All(system.Services, service => Assert.DoesNotContain("DefaultHealthCheckService", service.Output, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Worker_waits_for_an_unavailable_broker_without_failed_MassTransit_attempts()
    {
        var worker = system.Workers[0];
        var before = worker.Output.Length;
        await servers.RabbitMq.KillAsync();
        try
        {
            await Until.HoldsAsync(
                () => Task.FromResult(worker.Output[before..]),
                output => output.Contains("Cannot connect to the message broker", StringComparison.Ordinal), "the worker waits for the broker");
            await worker.UntilAsync("unhealthy");
        }
        finally
        {
            await servers.RabbitMq.StartAsync();
        }

        await worker.UntilAsync("healthy");
        // After each attempt that fails, MassTransit waits longer; and it logs each with its stack trace.
        var output = worker.Output[before..];
        Assert.DoesNotContain("Connection Failed", output, StringComparison.Ordinal);
        Assert.DoesNotContain("Retrying", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unreadable_message_is_counted_and_degrades_health()
    {
        await using var connection = await new ConnectionFactory { Uri = new Uri(system.Broker) }.CreateConnectionAsync(Cancel);
        await using var channel = await connection.CreateChannelAsync(
            new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), Cancel);
        await channel.BasicPublishAsync("", "generate-image", mandatory: true, new BasicProperties { Persistent = true }, "nonsense"u8.ToArray(), Cancel);

        foreach (var service in system.Services)
        {
            var health = await service.UntilAsync("degraded");
            Assert.Equal(HttpStatusCode.OK, health.Code);
            Assert.Equal("degraded", health.Body.GetProperty("checks").GetProperty("broker").GetString());
            var counts = health.Body.GetProperty("counts");
            Assert.Equal(1, counts.GetProperty("generate-image_error").GetInt64());
            Assert.Equal(0, counts.GetProperty("generate-image_skipped").GetInt64());
            Assert.Equal(0, counts.GetProperty("generate-image_dead").GetInt64());
        }

        await channel.QueuePurgeAsync("generate-image_error", Cancel);
        await Task.WhenAll(system.Services.Select(service => service.UntilAsync("healthy")));
    }
}
