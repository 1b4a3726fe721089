using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace McpImageGen.Tests.Distributed;

/// <summary>A broker that delivers every message twice: whatever is published is sent to the workers' queue once more.</summary>
public sealed class CopiedMessages : IAsyncDisposable
{
    internal const string Published = "McpImageGen.Contracts:GenerateImage";
    internal const string Queue = "generate-image";

    private readonly IConnection _connection;
    private readonly IChannel _channel;
    private int _count;

    private CopiedMessages(IConnection connection, IChannel channel) => (_connection, _channel) = (connection, channel);

    public int Count => _count;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<CopiedMessages> StartAsync(string broker)
    {
        var connection = await new ConnectionFactory { Uri = new Uri(broker) }.CreateConnectionAsync(Cancel);
        var copies = new CopiedMessages(connection, await connection.CreateChannelAsync(cancellationToken: Cancel));
        await copies.CopyAsync();
        return copies;
    }

    /// <summary>Sends the workers something that is no message.</summary>
    public async Task SendAsync(byte[] body) => await _channel.BasicPublishAsync("", Queue, body, Cancel);

    /// <summary>How many messages the workers could not read.</summary>
    public async Task<uint> UnreadableAsync()
    {
        // Of a queue that is not there yet RabbitMQ says so by closing the channel.
        await using var channel = await _connection.CreateChannelAsync(cancellationToken: Cancel);
        return await channel.MessageCountAsync($"{Queue}_error", Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        await _channel.DisposeAsync();
        await _connection.DisposeAsync();
    }

    private async Task CopyAsync()
    {
        var queue = await _channel.QueueDeclareAsync(cancellationToken: Cancel);
        await _channel.QueueBindAsync(queue.QueueName, Published, "", cancellationToken: Cancel);
        var consumer = new AsyncEventingBasicConsumer(_channel);
        consumer.ReceivedAsync += async (_, delivery) =>
        {
            await _channel.BasicPublishAsync("", Queue, mandatory: true, new BasicProperties(delivery.BasicProperties), delivery.Body);
            Interlocked.Increment(ref _count);
        };
        await _channel.BasicConsumeAsync(queue.QueueName, autoAck: true, consumer, Cancel);
    }
}
