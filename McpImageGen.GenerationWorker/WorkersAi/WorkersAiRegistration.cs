using System.Diagnostics;
using System.Net.Http.Headers;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace McpImageGen.GenerationWorker.WorkersAi;

public static class WorkersAiRegistration
{
    /// <summary>Registers <see cref="WorkersAiClient"/> with the settings of the section <c>WorkersAi</c>, validated at startup.</summary>
    public static IHostApplicationBuilder AddWorkersAi(this IHostApplicationBuilder builder)
    {
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<IValidateOptions<WorkersAiOptions>, WorkersAiOptionsValidator>();
        builder.Services.AddOptionsWithValidateOnStart<WorkersAiOptions>().BindConfiguration(WorkersAiOptions.Section);

        builder.Services.AddMetrics();
        builder.Services.AddSingleton<WorkersAiTelemetry>();
        builder.Services.AddSingleton<SeedSupport>();
        builder.Services.AddHttpClient<WorkersAiClient>(Configure)
            .UseSocketsHttpHandler((handler, services) =>
            {
                var isHere = new Uri(services.GetRequiredService<IOptions<WorkersAiOptions>>().Value.BaseUrl).IsLoopback;
                // The emulator on this machine must not be called through a corporate proxy.
                handler.UseProxy = !isHere;
                // Trace headers would forward the MCP client's baggage to the provider.
                if (!isHere)
                    handler.ActivityHeadersPropagator = DistributedContextPropagator.CreateNoOutputPropagator();
                // A redirect would send the prompt to an address that is not configured.
                handler.AllowAutoRedirect = false;
                handler.UseCookies = false;
                handler.MaxConnectionsPerServer = int.MaxValue; // Worker__Concurrency is the limit
                handler.PooledConnectionLifetime = TimeSpan.FromMinutes(5); // to pick up DNS changes
                handler.ConnectTimeout = TimeSpan.FromSeconds(15);
            })
            // PooledConnectionLifetime already renews connections; rotating the handler would only drop warm connections.
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan)
            // The default loggers write four lines per call, with the account id, and at level Trace the headers, including
            // the bearer token. Headers are redacted only by default; a configuration can turn that off.
            .RemoveAllLoggers()
            // Also remove the handlers that the host adds to every client: retries are scheduled on the job's row only, and the
            // attempt timeout of the standard resilience handler is shorter than the generation of an SDXL image.
            .ConfigureAdditionalHttpMessageHandlers((handlers, _) => handlers.Clear());
        return builder;
    }

    private static void Configure(IServiceProvider services, HttpClient http)
    {
        var options = services.GetRequiredService<IOptions<WorkersAiOptions>>().Value;
        // WorkersAiClient enforces the time limit: HttpClient's timeout ends with the headers when the body is streamed.
        http.Timeout = Timeout.InfiniteTimeSpan;
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", options.ApiToken);
        if (options.GatewayToken.Length > 0)
            http.DefaultRequestHeaders.Add("cf-aig-authorization", $"Bearer {options.GatewayToken}");
    }
}
