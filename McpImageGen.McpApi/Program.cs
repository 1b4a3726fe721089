using McpImageGen.Jobs.Bus;
using McpImageGen.Jobs.Database.Postgres;
using McpImageGen.Jobs.Images;
using McpImageGen.Jobs.Signals;
using McpImageGen.McpApi;
using McpImageGen.McpApi.Sse;
using McpImageGen.ServiceDefaults;

return await ServiceProgram.RunAsync(
    args,
    builder =>
    {
        builder.AddPostgresJobs();
        builder.AddS3Images();
        builder.AddRedisJobSignals();
        builder.AddRedisSseMessages();
        builder.AddRabbitMqBus();
        builder.AddMcpApi();
    },
    app => app.UseMcpApi());
