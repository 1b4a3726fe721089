namespace McpImageGen.McpApi.Sse;

public static class SseSetup
{
    /// <summary>Lets any number of APIs serve the HTTP+SSE transport together, on the Redis that the signals are on.</summary>
    public static void AddRedisSseMessages(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<InProcessSseMessages>();
        builder.Services.AddSingleton<ISseMessages, RedisSseMessages>();
    }

    /// <summary>Lets a process serve the HTTP+SSE transport that is the only API.</summary>
    public static void AddInProcessSseMessages(this IHostApplicationBuilder builder) =>
        builder.Services.AddSingleton<ISseMessages, InProcessSseMessages>();
}
