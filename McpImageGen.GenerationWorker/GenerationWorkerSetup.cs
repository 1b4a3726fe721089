using MassTransit;
using McpImageGen.GenerationWorker.Generation;
using McpImageGen.GenerationWorker.WorkersAi;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace McpImageGen.GenerationWorker;

public static class GenerationWorkerSetup
{
    private static readonly TimeSpan TimeToGiveBack = TimeSpan.FromSeconds(5);

    /// <summary>Adds what turns commands into images. The jobs, the image store, the signals and the bus are added beside it, the bus last.</summary>
    public static void AddGenerationWorker(this IHostApplicationBuilder builder)
    {
        builder.AddWorkersAi();
        builder.Services.AddOptions<WorkerOptions>()
            .BindConfiguration(WorkerOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<ThisWorker>();
        builder.Services.AddSingleton<RetryDecision>();
        builder.Services.AddSingleton<ImageKeeping>();
        builder.Services.AddHostedService<SayAlive>();

        // The bus waits for the consumers, which end within the time for draining or give their jobs back.
        builder.Services.AddOptions<MassTransitHostOptions>().Configure<IOptions<WorkerOptions>>((host, worker) =>
        {
            host.WaitUntilStarted = true;
            host.ConsumerStopTimeout = worker.Value.DrainFor + TimeToGiveBack;
            host.StopTimeout = host.ConsumerStopTimeout + TimeToGiveBack;
        });
        builder.Services.AddOptions<HostOptions>().Configure<IOptions<WorkerOptions>>((host, worker) =>
            host.ShutdownTimeout = worker.Value.DrainFor + (3 * TimeToGiveBack));
    }

    /// <summary>Adds the worker's consumers to the bus that the host configures.</summary>
    public static void AddGenerationConsumers(this IBusRegistrationConfigurator bus) =>
        bus.AddConsumer<GenerateImageConsumer, GenerateImageConsumerDefinition>();
}
