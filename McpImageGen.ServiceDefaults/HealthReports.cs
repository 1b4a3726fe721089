using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace McpImageGen.ServiceDefaults;

/// <summary>
/// Runs the health checks, at most once every few seconds: <c>/health</c> needs no token, and the checks make requests to the servers that the
/// service uses. Concurrent callers share one run.
/// </summary>
public sealed class HealthReports(HealthCheckService checks, HealthLog log, TimeProvider time)
{
    private static readonly TimeSpan Kept = TimeSpan.FromSeconds(3);

    /// <summary>Whoever waits for the service to become healthy asks several times a second.</summary>
    private static readonly TimeSpan UnhealthyKept = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private Task<HealthReport>? _latest;
    private long _endedAt;

    /// <summary>The latest report, or the next one if it is too old.</summary>
    public Task<HealthReport> LatestAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_latest is null || (_latest.IsCompleted && !IsFresh(_latest)))
                _latest = RunAsync();
            return _latest.WaitAsync(cancellationToken);
        }
    }

    private bool IsFresh(Task<HealthReport> report) =>
        report.IsCompletedSuccessfully
        && time.GetElapsedTime(_endedAt) < (report.Result.Status == HealthStatus.Healthy ? Kept : UnhealthyKept);

    private async Task<HealthReport> RunAsync()
    {
        // The run belongs to all callers, so it does not end with the first one.
        var report = await checks.CheckHealthAsync(CancellationToken.None);
        log.Note(report);
        _endedAt = time.GetTimestamp();
        return report;
    }
}
