using MassTransit;
using Microsoft.Extensions.Options;

namespace McpImageGen.GenerationWorker.Generation;

/// <summary>How commands reach the consumer: so many at once, and none hoarded beyond them. Nothing is retried here; the row does that.</summary>
public sealed class GenerateImageConsumerDefinition : ConsumerDefinition<GenerateImageConsumer>
{
    private readonly int _concurrency;

    public GenerateImageConsumerDefinition(IOptions<WorkerOptions> options)
    {
        _concurrency = options.Value.Concurrency;
        EndpointName = "generate-image";
        ConcurrentMessageLimit = _concurrency;
    }

    protected override void ConfigureConsumer(
        IReceiveEndpointConfigurator endpointConfigurator,
        IConsumerConfigurator<GenerateImageConsumer> consumerConfigurator,
        IRegistrationContext context) =>
        endpointConfigurator.PrefetchCount = _concurrency;
}
