using Microsoft.Extensions.Configuration;

namespace McpImageGen.Jobs;

internal static class CollectorSetting
{
    /// <summary>
    /// True when somebody collects telemetry, by the standard variable that Aspire and most platforms set. Without a collector the drivers
    /// of the servers are not observed either: that costs something with every statement.
    /// </summary>
    public static bool HasCollector(this IConfiguration configuration) =>
        !string.IsNullOrWhiteSpace(configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]);
}
