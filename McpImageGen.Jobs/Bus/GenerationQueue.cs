using MassTransit;
using McpImageGen.Contracts;

namespace McpImageGen.Jobs.Bus;

/// <summary>
/// The queue between APIs and workers. Both sides declare it with the same arguments, defined here, so it exists no matter which side
/// starts first, and is created again if the broker was replaced by an empty one.
/// </summary>
public static class GenerationQueue
{
    public const string Name = "generate-image";

    private const string DeadLetters = Name + "_dead";

    /// <summary>
    /// The dead-letter queues: messages that MassTransit could not handle or skipped, and messages that the broker gave up on.
    /// </summary>
    internal static readonly IReadOnlyList<string> Unread = [Name + "_error", Name + "_skipped", DeadLetters];

    /// <summary>After this many deliveries the broker dead-letters a message. The job is not lost: requeue publishes it again.</summary>
    private const int DeliveryLimit = 20;

    /// <summary>How many messages a dead-letter queue keeps; the newest are kept.</summary>
    private const int MaxKept = 10_000;

    /// <summary>Routes every published <see cref="GenerateImage"/> to the queue, whether or not workers are running.</summary>
    internal static void Declare(IRabbitMqBusFactoryConfigurator rabbit)
    {
        rabbit.Publish<GenerateImage>(message => message.BindQueue(Name, Name, SetArguments));
        rabbit.SendTopology.ConfigureErrorSettings = Bound;
        rabbit.SendTopology.ConfigureDeadLetterSettings = Bound;
    }

    /// <summary>Configures a worker's endpoint to consume the queue.</summary>
    /// <param name="endpoint">The endpoint, on RabbitMQ or on any other transport.</param>
    /// <param name="concurrency">How many messages it processes concurrently; no more are prefetched.</param>
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

    private static void Bound(IRabbitMqQueueConfigurator queue) => queue.SetQueueArgument("x-max-length", MaxKept);
}
