using MassTransit;
using McpImageGen.Jobs.Bus;
using Microsoft.Extensions.Options;

namespace McpImageGen.GenerationWorker.Generation;

/// <summary>Configures how commands reach the consumer. Nothing is retried here; retries are scheduled on the job's row.</summary>
public sealed class GenerateImageConsumerDefinition : ConsumerDefinition<GenerateImageConsumer>
{
    private readonly int _concurrency;

    public GenerateImageConsumerDefinition(IOptions<WorkerOptions> options)
    {
        _concurrency = options.Value.Concurrency;
        EndpointName = GenerationQueue.Name;
    }

    protected override void ConfigureConsumer(
        IReceiveEndpointConfigurator endpointConfigurator,
        IConsumerConfigurator<GenerateImageConsumer> consumerConfigurator,
        IRegistrationContext context) =>
        GenerationQueue.Consume(endpointConfigurator, _concurrency);
}
