using McpImageGen.Jobs.Queries;
using McpImageGen.ServiceDefaults;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace McpImageGen.McpApi.Pages.Discovery;

/// <summary>The public status of the system. No token is required, so it is read at most every 5 s, regardless of the number of visitors.</summary>
internal sealed partial class SystemStatus(
    HealthReports health, JobStatistics statistics, TimeProvider time, ILogger<SystemStatus> logger) : IDisposable
{
    private static readonly TimeSpan KeptFor = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(3);

    private readonly SemaphoreSlim _oneAtATime = new(1, 1);
    private SystemReport? _report;
    private long _readAt;

    public async Task<SystemReport> ReadAsync(CancellationToken cancellationToken)
    {
        await _oneAtATime.WaitAsync(cancellationToken);
        try
        {
            if (_report is null || time.GetElapsedTime(_readAt) >= KeptFor)
            {
                _report = await AskAsync();
                _readAt = time.GetTimestamp();
            }

            return _report;
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    public void Dispose() => _oneAtATime.Dispose();

    private async Task<SystemReport> AskAsync()
    {
        using var limit = new CancellationTokenSource(TimeLimit, time);
        var parts = new Dictionary<string, HealthStatus>();
        try
        {
            foreach (var (part, check) in (await health.LatestAsync(limit.Token)).Entries)
                parts[part] = check.Status;
            return new SystemReport(parts, await statistics.ReadAsync(limit.Token));
        }
        catch (Exception exception)
        {
            // A component that hangs uses up the time limit, including the time for the figures.
            Log.NoFigures(logger, exception.GetBaseException().Message);
            return new SystemReport(parts, Figures: null);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Debug, "Could not read the figures for the status section: {Reason}")]
        public static partial void NoFigures(ILogger logger, string reason);
    }
}

/// <summary>The status of the system.</summary>
/// <param name="Parts">The status of each component, by its name in <c>/health</c>.</param>
/// <param name="Figures">Figures about jobs; null if the database did not return them.</param>
internal sealed record SystemReport(IReadOnlyDictionary<string, HealthStatus> Parts, JobStatisticsReport? Figures);
