using McpImageGen.Jobs.Bus;
using McpImageGen.Tests.Containers;
using McpImageGen.Tests.Telemetry;
using McpImageGen.Tests.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using RabbitMQ.Client;

namespace McpImageGen.Tests.Bus;

[Slow]
public sealed class DeadLetterQueuesTests(Servers servers)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Dead_letters_are_counted_per_queue()
    {
        var broker = await servers.RabbitMq.NewVirtualHostAsync();
        await SendAsync(broker, "generate-image_skipped", count: 2);
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration["ConnectionStrings:messaging"] = broker;
        builder.Services.AddSingleton(TimeProvider.System);
        builder.AddRabbitMqBus();
        var host = builder.Build();
        await using var afterwards = (IAsyncDisposable)host;
        await host.Services.GetRequiredService<DeadLetterQueues>().StartAsync(Cancel);
        using var metrics = new RecordedMetrics(host.Services);

        metrics.Observe("mcpimagegen.queue.unread");

        Assert.Equal([2], metrics.Of("mcpimagegen.queue.unread", "messaging.destination.name=generate-image_skipped"));
        Assert.Equal([0], metrics.Of("mcpimagegen.queue.unread", "messaging.destination.name=generate-image_error"));
        Assert.Equal([0], metrics.Of("mcpimagegen.queue.unread", "messaging.destination.name=generate-image_dead"));
    }

    private static async Task SendAsync(string broker, string queue, int count)
    {
        await using var connection = await new ConnectionFactory { Uri = new Uri(broker) }.CreateConnectionAsync(Cancel);
        await using var channel = await connection.CreateChannelAsync(
            new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), Cancel);
        await channel.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: false, cancellationToken: Cancel);
        for (var i = 0; i < count; i++)
            await channel.BasicPublishAsync("", queue, mandatory: true, new BasicProperties(), "nonsense"u8.ToArray(), Cancel);
    }
}
