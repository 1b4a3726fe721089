using MassTransit;
using McpImageGen.GenerationWorker.Background;
using McpImageGen.GenerationWorker.Generation;
using McpImageGen.GenerationWorker.WorkersAi;
using McpImageGen.Jobs;
using Microsoft.Extensions.Options;

namespace McpImageGen.GenerationWorker;

public static class GenerationWorkerSetup
{
    private static readonly TimeSpan TimeToGiveBack = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan TimeToStore = TimeSpan.FromSeconds(30);

    /// <summary>Adds the generation of images. The jobs, the image store, the signals, the rate limit and the bus must be added
    /// separately, the bus last.</summary>
    public static void AddGenerationWorker(this IHostApplicationBuilder builder)
    {
        builder.AddWorkersAi();
        builder.Services.AddOptions<WorkerOptions>()
            .BindConfiguration(WorkerOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.LeaseForAWholeGeneration();
        builder.Services.AddSingleton<WorkerContext>();
        builder.Services.AddSingleton<RetryPolicy>();
        builder.Services.AddSingleton<InputImages>();
        builder.Services.AddSingleton<ImageUploader>();
        builder.Services.AddSingleton<CancellationWatcher>();
        builder.Services.AddHostedService(services => services.GetRequiredService<CancellationWatcher>());
        builder.Services.AddHostedService<WorkerHeartbeat>();

        // The bus waits for the consumers, which finish within the drain time or release their jobs.
        builder.Services.AddOptions<MassTransitHostOptions>().Configure<IOptions<WorkerOptions>>((host, worker) =>
        {
            host.ConsumerStopTimeout = worker.Value.DrainFor + TimeToGiveBack;
            host.StopTimeout = host.ConsumerStopTimeout + TimeToGiveBack;
        });
        builder.Services.AddOptions<HostOptions>().Configure<IOptions<WorkerOptions>>((host, worker) =>
            host.ShutdownTimeout = worker.Value.DrainFor + (3 * TimeToGiveBack));
    }

    /// <summary>A job must not be reclaimed while its worker may still be waiting for the provider's response.</summary>
    private static void LeaseForAWholeGeneration(this IHostApplicationBuilder builder)
    {
        var jobs = builder.Services.AddOptions<JobsOptions>();
        if (string.IsNullOrEmpty(builder.Configuration[$"{JobsOptions.Section}:{nameof(JobsOptions.Lease)}"]))
            jobs.PostConfigure<IOptions<WorkersAiOptions>>((options, workersAi) => options.Lease = workersAi.Value.Timeout + TimeToStore);
        jobs.Validate<IOptions<WorkersAiOptions>>(
            (options, workersAi) => options.Lease > workersAi.Value.Timeout, "Jobs__Lease must be longer than WorkersAi__Timeout.");
    }

    /// <summary>Adds the worker's consumers to the bus that the host configures.</summary>
    public static void AddGenerationConsumers(this IBusRegistrationConfigurator bus) =>
        bus.AddConsumer<GenerateImageConsumer, GenerateImageConsumerDefinition>();
}
