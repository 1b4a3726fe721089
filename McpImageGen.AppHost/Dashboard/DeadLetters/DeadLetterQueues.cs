using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace McpImageGen.AppHost.Dashboard.DeadLetters;

/// <summary>The queues with the messages that went wrong. It speaks AMQP, so the broker needs no plugin, and may be anybody's.</summary>
internal sealed class DeadLetterQueues : IAsyncDisposable
{
    /// <summary>The queue that the workers read.</summary>
    public const string WorkersQueue = "generate-image";

    private readonly IConnection _connection;

    private DeadLetterQueues(IConnection connection) => _connection = connection;

    /// <summary>What MassTransit could not handle, what no consumer wanted, and what the broker gave up after too many deliveries.</summary>
    public static IReadOnlyList<string> Names { get; } = [WorkersQueue + "_error", WorkersQueue + "_skipped", WorkersQueue + "_dead"];

    /// <param name="broker">The broker's address, amqp:// or amqps://.</param>
    /// <param name="cancellationToken"></param>
    public static async Task<DeadLetterQueues> ConnectAsync(string broker, CancellationToken cancellationToken)
    {
        var factory = new ConnectionFactory { Uri = new Uri(broker), ClientProvidedName = "dashboard", AutomaticRecoveryEnabled = false };
        return new DeadLetterQueues(await factory.CreateConnectionAsync(cancellationToken));
    }

    /// <summary>How many messages a queue holds.</summary>
    public async Task<uint> CountAsync(string queue, CancellationToken cancellationToken)
    {
        await using var channel = await _connection.CreateChannelAsync(cancellationToken: cancellationToken);
        try
        {
            return await channel.MessageCountAsync(queue, cancellationToken);
        }
        catch (OperationInterruptedException exception) when (exception.ShutdownReason?.ReplyCode == Constants.NotFound)
        {
            return 0; // it is made when there is something for it
        }
    }

    /// <summary>The newest messages of a queue, the newest first. They stay where they are.</summary>
    public async Task<IReadOnlyList<DeadLetter>> NewestAsync(string queue, int most, CancellationToken cancellationToken)
    {
        var newest = new Queue<DeadLetter>();
        await using var channel = await _connection.CreateChannelAsync(cancellationToken: cancellationToken);

        // A queue gives out its oldest message first. What is not acknowledged goes back to its place when the channel is closed.
        for (var left = await CountAsync(queue, cancellationToken); left > 0; left--)
        {
            if (await channel.BasicGetAsync(queue, autoAck: false, cancellationToken) is not { } message)
                break;
            newest.Enqueue(DeadLetter.Read(message.BasicProperties, message.Body.Span));
            if (newest.Count > most)
                newest.Dequeue();
        }

        return [.. newest.Reverse()];
    }

    /// <summary>
    /// Puts the messages that a queue holds now back into the workers' queue, and returns how many these were. Each leaves its place only when
    /// the broker has confirmed the new one: whatever is interrupted, none is lost. One that is there twice does no harm: a job is claimed once.
    /// </summary>
    /// <exception cref="PublishException">The broker does not take a message: there is no workers' queue, for instance.</exception>
    public async Task<int> SendAgainAsync(string queue, CancellationToken cancellationToken)
    {
        var sent = 0;
        var confirmed = new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true);
        await using var channel = await _connection.CreateChannelAsync(confirmed, cancellationToken);

        // No more than there are at the beginning: one that fails again comes back to this queue.
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

    /// <summary>Deletes the messages of a queue and returns how many these were.</summary>
    public async Task<uint> DeleteAsync(string queue, CancellationToken cancellationToken)
    {
        if (await CountAsync(queue, cancellationToken) == 0)
            return 0;
        await using var channel = await _connection.CreateChannelAsync(cancellationToken: cancellationToken);
        return await channel.QueuePurgeAsync(queue, cancellationToken);
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    /// <summary>Why the message was here is no part of the one that is sent again.</summary>
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
