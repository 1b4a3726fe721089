namespace McpImageGen.McpApi.Sse;

public static class SseSetup
{
    /// <summary>Adds the HTTP+SSE transport for any number of API processes, using the same Redis as the signals.</summary>
    public static void AddRedisSseMessages(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<InProcessSseMessages>();
        builder.Services.AddSingleton<ISseMessages, RedisSseMessages>();
    }

    /// <summary>Adds the HTTP+SSE transport for a single API process.</summary>
    public static void AddInProcessSseMessages(this IHostApplicationBuilder builder) =>
        builder.Services.AddSingleton<ISseMessages, InProcessSseMessages>();
}
