using System.Diagnostics;
using System.Net.Http.Headers;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace McpImageGen.GenerationWorker.WorkersAi;

public static class WorkersAiRegistration
{
    /// <summary>Registers <see cref="WorkersAiClient"/> with the settings of the section <c>WorkersAi</c>, checked at start.</summary>
    public static IHostApplicationBuilder AddWorkersAi(this IHostApplicationBuilder builder)
    {
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<IValidateOptions<WorkersAiOptions>, WorkersAiOptionsValidator>();
        builder.Services.AddOptionsWithValidateOnStart<WorkersAiOptions>().BindConfiguration(WorkersAiOptions.Section);

        builder.Services.AddMetrics();
        builder.Services.AddSingleton<WorkersAiTelemetry>();
        builder.Services.AddHttpClient<WorkersAiClient>(Configure)
            .UseSocketsHttpHandler((handler, services) =>
            {
                var isHere = new Uri(services.GetRequiredService<IOptions<WorkersAiOptions>>().Value.BaseUrl).IsLoopback;
                // The emulator on this machine is not to be reached through the proxy of a company.
                handler.UseProxy = !isHere;
                // A trace's headers carry on what an MCP client has sent as its baggage, which is none of the provider's business.
                if (!isHere)
                    handler.ActivityHeadersPropagator = DistributedContextPropagator.CreateNoOutputPropagator();
                // A redirect would carry the prompt to an address that nobody configured.
                handler.AllowAutoRedirect = false;
                handler.UseCookies = false;
                handler.MaxConnectionsPerServer = int.MaxValue; // Worker__Concurrency is the limit
                handler.PooledConnectionLifetime = TimeSpan.FromMinutes(5); // so that DNS changes are seen
                handler.ConnectTimeout = TimeSpan.FromSeconds(15);
            })
            // The connections above renew themselves; a handler that rotates too would only drop warm ones.
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan)
            // The default loggers write four lines a call, with the account's id, and at Trace the headers. Those are redacted
            // only as long as nobody configures otherwise, and the bearer token is one of them.
            .RemoveAllLoggers()
            // Not even what the host adds to every client: the job's row is the one layer that retries, and the attempt
            // timeout of the standard resilience handler is shorter than an SDXL image takes.
            .ConfigureAdditionalHttpMessageHandlers((handlers, _) => handlers.Clear());
        return builder;
    }

    private static void Configure(IServiceProvider services, HttpClient http)
    {
        var options = services.GetRequiredService<IOptions<WorkersAiOptions>>().Value;
        // The client keeps the time itself: HttpClient's limit ends with the headers when the body is streamed.
        http.Timeout = Timeout.InfiniteTimeSpan;
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", options.ApiToken);
    }
}
