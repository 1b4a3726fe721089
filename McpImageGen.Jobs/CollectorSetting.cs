using Microsoft.Extensions.Configuration;

namespace McpImageGen.Jobs;

internal static class CollectorSetting
{
    /// <summary>
    /// True if a telemetry collector is configured, by the standard variable that Aspire and most platforms set. Without a collector the
    /// database and messaging clients are not traced either, since tracing has a cost for every statement.
    /// </summary>
    public static bool HasCollector(this IConfiguration configuration) =>
        !string.IsNullOrWhiteSpace(configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]);
}
