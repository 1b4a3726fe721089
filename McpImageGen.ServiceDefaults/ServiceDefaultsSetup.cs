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
    /// The attributes of the MCP SDK's metrics that are kept: those with few values. The URI of a resource and the version that a client claims can be anything,
    /// and a metric keeps each value until the process ends.
    /// </summary>
    private static readonly string[] McpAttributes =
    [
        "mcp.method.name", "gen_ai.tool.name", "gen_ai.prompt.name", "gen_ai.operation.name", "network.transport", "network.protocol.name", "error.type",
        "rpc.response.status_code",
    ];

    /// <summary>Adds what every service of the system has: health checks, and telemetry where somebody collects it.</summary>
    public static void AddServiceDefaults(this IHostApplicationBuilder builder)
    {
        builder.Services.AddHealthChecks();
        builder.Services.AddSingleton<HealthLog>();
        // It logs an error each time that a check is unhealthy, at the start too: /health answers it, and HealthLog logs it.
        builder.Logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks.DefaultHealthCheckService", LogLevel.None);

        // The standard variable, set by Aspire and by most platforms. Without a collector nothing is measured.
        if (string.IsNullOrWhiteSpace(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]))
            return;

        builder.Logging.AddOpenTelemetry(logging =>
        {
            logging.IncludeFormattedMessage = true;
            logging.IncludeScopes = true;
        });
        builder.Services.AddOpenTelemetry()
            // The environment comes last: who sets OTEL_SERVICE_NAME or OTEL_RESOURCE_ATTRIBUTES means it.
            .ConfigureResource(resource => resource
                .AddService(builder.Environment.ApplicationName, serviceVersion: HealthEndpoint.Version)
                .AddEnvironmentVariableDetector())
            .WithTracing(tracing => tracing
                .AddSource("McpImageGen.*", "MassTransit", Mcp, "System.Net.Http")
                // Who looks every few seconds whether the service lives is nobody's call.
                .AddAspNetCoreInstrumentation(options => options.Filter = context => context.Request.Path.Value is not ("/alive" or "/health"))
                .AddProcessor<WithoutLoops>()
                .AddProcessor<WithoutPaths>())
            .WithMetrics(metrics => metrics
                .AddMeter("McpImageGen.*", "MassTransit", Mcp, "System.Net.Http")
                .AddView(instrument => instrument.Meter.Name == Mcp ? new MetricStreamConfiguration { TagKeys = McpAttributes } : null)
                .AddAspNetCoreInstrumentation()
                .AddRuntimeInstrumentation())
            .UseOtlpExporter();
    }

    /// <summary>Maps <c>/alive</c> (the process answers) and <c>/health</c> (so do the things it needs).</summary>
    /// <param name="app">The service.</param>
    /// <param name="architecture">What kind of system this service is part of, as <c>/health</c> says it.</param>
    public static void MapServiceDefaults(this WebApplication app, string architecture)
    {
        app.MapGet("/alive", () => "alive\n");
        app.MapHealth(architecture);
    }
}
