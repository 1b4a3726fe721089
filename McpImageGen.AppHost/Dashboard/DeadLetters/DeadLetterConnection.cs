using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace McpImageGen.AppHost.Dashboard.DeadLetters;

/// <summary>Access to the dead-letter queues over AMQP, so the broker needs no plugin and can be an external one.</summary>
internal sealed class DeadLetterConnection : IAsyncDisposable
{
    /// <summary>The queue that the workers consume.</summary>
    public const string WorkersQueue = "generate-image";

    private readonly IConnection _connection;

    private DeadLetterConnection(IConnection connection) => _connection = connection;

    /// <summary>
    /// The queues for messages that MassTransit could not handle, that no consumer accepts, and that the broker dead-lettered after too many
    /// deliveries.
    /// </summary>
    public static IReadOnlyList<string> Names { get; } = [WorkersQueue + "_error", WorkersQueue + "_skipped", WorkersQueue + "_dead"];

    /// <param name="broker">The broker's address, amqp:// or amqps://.</param>
    /// <param name="cancellationToken"></param>
    public static async Task<DeadLetterConnection> ConnectAsync(string broker, CancellationToken cancellationToken)
    {
        var factory = new ConnectionFactory { Uri = new Uri(broker), ClientProvidedName = "dashboard", AutomaticRecoveryEnabled = false };
        return new DeadLetterConnection(await factory.CreateConnectionAsync(cancellationToken));
    }

    /// <summary>Returns the number of messages in a queue.</summary>
    public async Task<uint> CountAsync(string queue, CancellationToken cancellationToken)
    {
        await using var channel = await _connection.CreateChannelAsync(cancellationToken: cancellationToken);
        try
        {
            return await channel.MessageCountAsync(queue, cancellationToken);
        }
        catch (OperationInterruptedException exception) when (exception.ShutdownReason?.ReplyCode == Constants.NotFound)
        {
            return 0; // the queue is created with its first message
        }
    }

    /// <summary>Returns the newest messages of a queue, newest first, without removing them.</summary>
    public async Task<IReadOnlyList<DeadLetter>> NewestAsync(string queue, int max, CancellationToken cancellationToken)
    {
        var newest = new Queue<DeadLetter>();
        await using var channel = await _connection.CreateChannelAsync(cancellationToken: cancellationToken);

        // A queue delivers its oldest message first. Unacknowledged messages return to their position when the channel is closed.
        for (var left = await CountAsync(queue, cancellationToken); left > 0; left--)
        {
            if (await channel.BasicGetAsync(queue, autoAck: false, cancellationToken) is not { } message)
                break;
            newest.Enqueue(DeadLetter.Read(message.BasicProperties, message.Body.Span));
            if (newest.Count > max)
                newest.Dequeue();
        }

        return [.. newest.Reverse()];
    }

    /// <summary>
    /// Moves the current messages of a queue back to the workers' queue and returns their number. Each message is removed only after
    /// the broker has confirmed its copy, so an interruption loses none. Duplicates are harmless, because a job is claimed only once.
    /// </summary>
    /// <exception cref="PublishException">The broker rejected a message, for example because the workers' queue does not exist.</exception>
    public async Task<int> RedispatchAsync(string queue, CancellationToken cancellationToken)
    {
        var sent = 0;
        var confirmed = new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true);
        await using var channel = await _connection.CreateChannelAsync(confirmed, cancellationToken);

        // No more than the initial number, because messages that fail again return to this queue.
        for (var left = await CountAsync(queue, cancellationToken); left > 0; left--)
        {
            if (await channel.BasicGetAsync(queue, autoAck: false, cancellationToken) is not { } message)
                break;
            await channel.BasicPublishAsync("", WorkersQueue, mandatory: true, WithoutReasons(message.BasicProperties), message.Body, cancellationToken);
            await channel.BasicAckAsync(message.DeliveryTag, multiple: false, cancellationToken);
            sent++;
        }

        return sent;
    }

    /// <summary>Deletes the messages of a queue and returns their number.</summary>
    public async Task<uint> DeleteAsync(string queue, CancellationToken cancellationToken)
    {
        if (await CountAsync(queue, cancellationToken) == 0)
            return 0;
        await using var channel = await _connection.CreateChannelAsync(cancellationToken: cancellationToken);
        return await channel.QueuePurgeAsync(queue, cancellationToken);
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    /// <summary>Removes the headers that record why the message was dead-lettered.</summary>
    private static BasicProperties WithoutReasons(IReadOnlyBasicProperties properties) => new(properties)
    {
        Persistent = true,
        Headers = properties.Headers?
            .Where(header => !header.Key.StartsWith("MT-Fault-", StringComparison.Ordinal)
                && !header.Key.StartsWith("MT-Host-", StringComparison.Ordinal)
                && !header.Key.StartsWith("x-", StringComparison.Ordinal)
                && header.Key != "MT-Reason")
            .ToDictionary(),
    };
}
