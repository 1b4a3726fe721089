using RabbitMQ.Client;

namespace McpImageGen.Tests.Distributed;

/// <summary>A broker that delivers every message twice, and late: two queues keep what is published until its time is over.</summary>
public sealed class LateMessages : IAsyncDisposable
{
    private static readonly string[] Queues = ["late-1", "late-2"];

    private readonly IConnection _connection;
    private readonly IChannel _channel;

    private LateMessages(IConnection connection, IChannel channel) => (_connection, _channel) = (connection, channel);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <param name="broker">The virtual host, with the workers' queue.</param>
    /// <param name="delay">How long a message is kept.</param>
    public static async Task<LateMessages> StartAsync(string broker, TimeSpan delay)
    {
        var connection = await new ConnectionFactory { Uri = new Uri(broker) }.CreateConnectionAsync(Cancel);
        var messages = new LateMessages(connection, await connection.CreateChannelAsync(cancellationToken: Cancel));
        foreach (var queue in Queues)
            await messages.KeepAsync(queue, delay);
        await messages._channel.ExchangeUnbindAsync(CopiedMessages.Queue, CopiedMessages.Published, "", cancellationToken: Cancel);
        return messages;
    }

    /// <summary>What is published from now on is delivered once, immediately; what is kept still arrives late.</summary>
    public async Task EndAsync()
    {
        await _channel.ExchangeBindAsync(CopiedMessages.Queue, CopiedMessages.Published, "", cancellationToken: Cancel);
        foreach (var queue in Queues)
            await _channel.QueueUnbindAsync(queue, CopiedMessages.Published, "", cancellationToken: Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        await _channel.DisposeAsync();
        await _connection.DisposeAsync();
    }

    private async Task KeepAsync(string queue, TimeSpan delay)
    {
        await _channel.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: false, new Dictionary<string, object?>
        {
            ["x-message-ttl"] = (int)delay.TotalMilliseconds,
            ["x-dead-letter-exchange"] = "",
            ["x-dead-letter-routing-key"] = CopiedMessages.Queue,
        }, cancellationToken: Cancel);
        await _channel.QueueBindAsync(queue, CopiedMessages.Published, "", cancellationToken: Cancel);
    }
}
