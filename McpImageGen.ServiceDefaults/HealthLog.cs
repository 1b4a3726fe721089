using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace McpImageGen.ServiceDefaults;

/// <summary>
/// Logs an unhealthy check once, and only if it persists: <c>/health</c> is called before the service is ready, and every few seconds during an outage.
/// </summary>
public sealed partial class HealthLog(TimeProvider time, ILogger<HealthLog> logger)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Fault> _faults = [];

    /// <summary>Takes note of the current state of each check.</summary>
    public void Note(HealthReport report)
    {
        lock (_lock)
        {
            foreach (var (check, entry) in report.Entries)
                Note(check, entry);
        }
    }

    private void Note(string check, HealthReportEntry entry)
    {
        if (entry.Status == HealthStatus.Healthy)
        {
            if (_faults.Remove(check, out var past) && past.IsLogged)
                Log.Healthy(logger, check);
            return;
        }

        var now = time.GetUtcNow();
        var fault = _faults.GetValueOrDefault(check, new Fault(now, IsLogged: false));
        var isLoggedNow = !fault.IsLogged && now - fault.Since >= Patience;
        if (isLoggedNow)
            Log.NotHealthy(logger, check, entry.Status, entry.Description ?? entry.Exception?.Message ?? "no reason was reported");
        _faults[check] = fault with { IsLogged = fault.IsLogged || isLoggedNow };
    }

    private sealed record Fault(DateTimeOffset Since, bool IsLogged);

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The health check {Check} is {Status}: {Reason}")]
        public static partial void NotHealthy(ILogger logger, string check, HealthStatus status, string reason);

        [LoggerMessage(2, LogLevel.Information, "The health check {Check} is healthy again")]
        public static partial void Healthy(ILogger logger, string check);
    }
}
