using McpImageGen.GenerationWorker;
using McpImageGen.GenerationWorker.RateLimit;
using McpImageGen.Jobs.Bus;
using McpImageGen.Jobs.Database.Postgres;
using McpImageGen.Jobs.Images;
using McpImageGen.Jobs.Signals;
using McpImageGen.ServiceDefaults;

return await ServiceProgram.RunAsync(
    args,
    builder =>
    {
        builder.AddPostgresJobs();
        builder.AddS3Images();
        builder.AddRedisJobSignals();
        builder.AddRedisRateLimit();
        builder.AddGenerationWorker();
        builder.AddRabbitMqBus(bus => bus.AddGenerationConsumers());
    });
