using McpImageGen.GenerationWorker.WorkersAi;
using Microsoft.Extensions.Options;

namespace McpImageGen.GenerationWorker.RateLimit;

public static class RateLimitSetup
{
    /// <summary>Adds the account's rate limit for any number of workers, in the same Redis as the signals.</summary>
    public static void AddRedisRateLimit(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<RedisRateLimit>();
        builder.Services.AddSingleton<IRateLimit, SharedRateLimit>();
    }

    /// <summary>Adds the account's rate limit for a process that is the only worker.</summary>
    public static void AddInProcessRateLimit(this IHostApplicationBuilder builder) =>
        builder.Services.AddSingleton<IRateLimit>(services =>
        {
            var options = services.GetRequiredService<IOptions<WorkersAiOptions>>().Value;
            return new InProcessRateLimit(
                () => options.RequestsPerMinute, new RateWindow(options.RateWindow), services.GetRequiredService<TimeProvider>());
        });
}
