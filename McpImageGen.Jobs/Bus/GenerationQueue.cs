using MassTransit;
using McpImageGen.Contracts;

namespace McpImageGen.Jobs.Bus;

/// <summary>
/// The queue between APIs and workers. Both sides declare it with the same arguments, from here: so it is there whoever starts first,
/// and is made again when the broker was replaced by an empty one.
/// </summary>
public static class GenerationQueue
{
    public const string Name = "generate-image";

    private const string DeadLetters = Name + "_dead";

    /// <summary>Where messages end that nobody will read: those that MassTransit could not handle, and those that the broker gave up.</summary>
    internal static readonly IReadOnlyList<string> Unread = [Name + "_error", Name + "_skipped", DeadLetters];

    /// <summary>After so many deliveries the broker gives a message up. The job's row does not: requeue sends it again.</summary>
    private const int DeliveryLimit = 20;

    /// <summary>Queues that nobody reads keep so many messages, the newest.</summary>
    private const int MostKept = 10_000;

    /// <summary>Makes everything that is published as <see cref="GenerateImage"/> wait in the queue, with or without workers.</summary>
    internal static void Declare(IRabbitMqBusFactoryConfigurator rabbit)
    {
        rabbit.Publish<GenerateImage>(message => message.BindQueue(Name, Name, SetArguments));
        rabbit.SendTopology.ConfigureErrorSettings = Bound;
        rabbit.SendTopology.ConfigureDeadLetterSettings = Bound;
    }

    /// <summary>Makes a worker's endpoint consume the queue.</summary>
    /// <param name="endpoint">The endpoint, on RabbitMQ or on any other transport.</param>
    /// <param name="concurrency">How many messages it takes at once; it hoards none beyond them.</param>
    public static void Consume(IReceiveEndpointConfigurator endpoint, int concurrency)
    {
        endpoint.PrefetchCount = concurrency;
        endpoint.ConcurrentMessageLimit = concurrency;
        if (endpoint is not IRabbitMqReceiveEndpointConfigurator rabbit)
            return;
        SetArguments(rabbit);
        rabbit.BindDeadLetterQueue(DeadLetters, DeadLetters, Bound);
    }

    private static void SetArguments(IRabbitMqQueueConfigurator queue)
    {
        queue.SetQuorumQueue();
        queue.SetQueueArgument("x-delivery-limit", DeliveryLimit);
        queue.SetQueueArgument("x-dead-letter-exchange", DeadLetters);
    }

    private static void Bound(IRabbitMqQueueConfigurator queue) => queue.SetQueueArgument("x-max-length", MostKept);
}
