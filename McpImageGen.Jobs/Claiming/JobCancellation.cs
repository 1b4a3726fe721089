using System.Globalization;
using McpImageGen.Contracts;
using McpImageGen.Jobs.Database;
using McpImageGen.Jobs.Signals;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace McpImageGen.Jobs.Claiming;

/// <summary>
/// Cancels jobs for their owner: updates the row first, then signals waiting calls and workers. A worker that misses the signal still
/// loses its claim and discards its result.
/// </summary>
public sealed partial class JobCancellation(WriteExecutor writes, IJobSignals signals, JobMetrics metrics, ILogger<JobCancellation> logger)
{
    /// <summary>Cancels the given jobs that belong to the owner and are not finished, and returns them.</summary>
    public async Task<IReadOnlyList<Guid>> CancelAsync(
        string owner, IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken)
    {
        var placeholders = Enumerable.Range(1, ids.Count).Select(i => string.Create(CultureInfo.InvariantCulture, $"{{{i}}}"));
        var statement = $"""
            UPDATE jobs
            SET status = '{JobStatus.Cancelled}', updated_at = now_ms(), finished_at = now_ms(), next_attempt_at = NULL, lease_until = NULL,
                error_code = '{ErrorCode.Cancelled}', error = 'Cancelled'
            WHERE owner = {"{0}"} AND id IN ({string.Join(", ", placeholders)}) AND finished_at IS NULL
            RETURNING id
            """;
        var cancelled = await writes.ExecuteAsync(
            context => context.Database.SqlQueryRaw<Guid>(statement, [owner, .. ids]).ToListAsync(cancellationToken), cancellationToken);
        metrics.Cancelled(cancelled.Count);

        // The jobs are cancelled now, so the signals are sent even if the caller disconnects.
        await Task.WhenAll(cancelled.Select(SignalAsync));
        return cancelled;
    }

    private async Task SignalAsync(Guid jobId)
    {
        Log.Cancelled(logger, jobId);
        try
        {
            await signals.PublishAsync(new JobCancelled(jobId), CancellationToken.None);
            await signals.PublishAsync(new JobFinished(jobId), CancellationToken.None);
        }
        catch (Exception exception)
        {
            // Waiting calls read the row a little later, and the worker finds out when it is done.
            Log.NotSignalled(logger, jobId, exception.Message);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Job {JobId} was cancelled")]
        public static partial void Cancelled(ILogger logger, Guid jobId);

        [LoggerMessage(LogLevel.Warning, "Job {JobId} was cancelled, but the signal could not be sent: {Reason}")]
        public static partial void NotSignalled(ILogger logger, Guid jobId, string reason);
    }
}
