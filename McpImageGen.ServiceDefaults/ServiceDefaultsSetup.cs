using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace McpImageGen.ServiceDefaults;

public static class ServiceDefaultsSetup
{
    /// <summary>The MCP SDK's meter and source of activities.</summary>
    internal const string Mcp = "Experimental.ModelContextProtocol";

    /// <summary>
    /// The attributes of the MCP SDK's metrics that are kept: those with few values. The URI of a resource and the client's version can have any value, and
    /// a metric keeps each value until the process ends.
    /// </summary>
    private static readonly string[] McpAttributes =
    [
        "mcp.method.name", "gen_ai.tool.name", "gen_ai.prompt.name", "gen_ai.operation.name", "network.transport", "network.protocol.name", "error.type",
        "rpc.response.status_code",
    ];

    /// <summary>Adds what all services share: health checks, and telemetry if a collector is configured.</summary>
    public static void AddServiceDefaults(this IHostApplicationBuilder builder)
    {
        builder.Services.AddHealthChecks();
        builder.Services.AddSingleton<HealthLog>();
        builder.Services.AddSingleton<HealthReports>();
        // It logs an error each time a check is unhealthy, even during startup. /health reports the status, and HealthLog logs it.
        builder.Logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks.DefaultHealthCheckService", LogLevel.None);

        // The standard variable, set by Aspire and most platforms. Without a collector nothing is recorded.
        if (string.IsNullOrWhiteSpace(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]))
            return;

        builder.Logging.AddOpenTelemetry(logging =>
        {
            logging.IncludeFormattedMessage = true;
            logging.IncludeScopes = true;
        });
        builder.Services.AddOpenTelemetry()
            // The environment comes last, so that OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES take precedence.
            .ConfigureResource(resource => resource
                .AddService(builder.Environment.ApplicationName, serviceVersion: HealthEndpoint.Version)
                .AddEnvironmentVariableDetector())
            .WithTracing(tracing => tracing
                .AddSource("McpImageGen.*", "MassTransit", Mcp, "System.Net.Http")
                // Do not trace the health probes that arrive every few seconds.
                .AddAspNetCoreInstrumentation(options => options.Filter = context => context.Request.Path.Value is not ("/alive" or "/health"))
                .AddProcessor<BackgroundSpanFilter>()
                .AddProcessor<UrlPathRedaction>())
            .WithMetrics(metrics => metrics
                .AddMeter("McpImageGen.*", "MassTransit", Mcp, "System.Net.Http")
                .AddView(instrument => instrument.Meter.Name == Mcp ? new MetricStreamConfiguration { TagKeys = McpAttributes } : null)
                .AddAspNetCoreInstrumentation()
                .AddRuntimeInstrumentation())
            .UseOtlpExporter();
    }

    /// <summary>Maps <c>/alive</c> (the process responds) and <c>/health</c> (its dependencies respond as well).</summary>
    /// <param name="app">The service.</param>
    /// <param name="architecture">The kind of system that this service is part of, as reported by <c>/health</c>.</param>
    public static void MapServiceDefaults(this WebApplication app, string architecture)
    {
        app.MapGet("/alive", () => "alive\n");
        app.MapHealth(architecture);
    }
}
