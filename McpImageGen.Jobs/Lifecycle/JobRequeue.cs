using System.Globalization;
using McpImageGen.Contracts;
using McpImageGen.Jobs.Database;
using Microsoft.EntityFrameworkCore;

namespace McpImageGen.Jobs.Lifecycle;

/// <summary>
/// Finds jobs that no worker is processing: jobs whose message was not sent or was lost, jobs whose next attempt is due,
/// and jobs whose worker died. Safe to run in all replicas concurrently.
/// </summary>
public sealed class JobRequeue(JobWrites writes, IDbContextFactory<JobsDbContext> contexts, JobsDatabase database)
{
    /// <summary>How long after a send a job that is still pending is sent again; the interval doubles each time.</summary>
    public static readonly TimeSpan ResendAfter = TimeSpan.FromSeconds(15);

    /// <summary>How long a worker may send no heartbeat before its jobs are reclaimed.</summary>
    public static readonly TimeSpan WorkerSilence = TimeSpan.FromSeconds(10);

    /// <summary>How often a job is reclaimed from a dead worker before it is failed: the job may be what makes the workers die.</summary>
    public const int MostTakeovers = 10;

    /// <summary>The maximum number of jobs per batch.</summary>
    public const int Batch = 200;

    /// <summary>
    /// Marks jobs whose message appears to be lost as sent again and returns their commands, at most 200, the longest overdue first.
    /// </summary>
    public Task<IReadOnlyList<GenerateImage>> TakeLostAsync(CancellationToken cancellationToken) =>
        writes.OnceAsync(
            context => TakeAsync(
                context, $"status = '{JobStatus.Pending}' AND sent_at IS NOT NULL AND send_after <= now_ms() ORDER BY send_after", Batch, cancellationToken),
            cancellationToken);

    /// <summary>The owners that have jobs whose message may be sent now.</summary>
    public async Task<IReadOnlyList<string>> OwnersWithRoomAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await OwnerLine.OwnersWithRoomAsync(context, cancellationToken);
    }

    /// <summary>
    /// Marks the owner's jobs that are next in its <see cref="OwnerLine"/> as sent and returns their commands, at most 200, the oldest first.
    /// </summary>
    public Task<IReadOnlyList<GenerateImage>> TakeNextAsync(string owner, CancellationToken cancellationToken) =>
        writes.OnceAsync(
            async context =>
            {
                await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
                await database.LockOwnerAsync(context, owner, cancellationToken);
                var room = (await OwnerLine.ReadAsync(context, owner, cancellationToken)).Room;
                var commands = await TakeAsync(
                    context,
                    "owner = {0} AND finished_at IS NULL AND sent_at IS NULL AND send_after <= now_ms() ORDER BY id",
                    Math.Min(room, Batch),
                    cancellationToken,
                    owner);
                await transaction.CommitAsync(cancellationToken);
                return commands;
            },
            cancellationToken);

    /// <summary>Reclaims the jobs of dead workers, and fails those that have been reclaimed too often.</summary>
    /// <returns>The jobs that failed.</returns>
    public async Task<IReadOnlyList<Guid>> TakeOverOrphansAsync(CancellationToken cancellationToken)
    {
        // The status is a literal: with a parameter SQLite would not use the partial index of unfinished jobs and would read all jobs.
        var silence = (long)WorkerSilence.TotalMilliseconds;
        const string Error = "Every worker that processed this job stopped unexpectedly. Submit the job again, and tell the operator.";
        var failed = await writes.OnceAsync(
            context => context.Database.SqlQuery<Guid>($"""
                UPDATE jobs
                SET status = {JobStatus.Failed}, updated_at = now_ms(), finished_at = now_ms(), lease_until = NULL,
                    error_code = {FailureCode.WorkersLost}, error = {Error}
                WHERE status = 'processing' AND takeovers >= {MostTakeovers}
                  AND (lease_until < now_ms() OR worker_id NOT IN (SELECT id FROM workers WHERE seen > now_ms() - {silence}))
                RETURNING id
                """).ToListAsync(cancellationToken),
            cancellationToken);
        await writes.OnceAsync(
            context => context.Database.ExecuteSqlInterpolatedAsync($"""
                UPDATE jobs
                SET status = {JobStatus.Pending}, updated_at = now_ms(), claim = NULL, worker_id = NULL, lease_until = NULL,
                    takeovers = takeovers + 1, send_after = now_ms(), sent_at = NULL, resends = 0
                WHERE status = 'processing' AND takeovers < {MostTakeovers}
                  AND (lease_until < now_ms() OR worker_id NOT IN (SELECT id FROM workers WHERE seen > now_ms() - {silence}))
                """, cancellationToken),
            cancellationToken);
        return failed;
    }

    /// <summary>
    /// For the start of a process that is the only user of the data: no earlier worker is alive and no earlier message exists,
    /// so every unfinished job that is not waiting for its next attempt is due now.
    /// </summary>
    public async Task StartAloneAsync(CancellationToken cancellationToken)
    {
        await writes.OnceAsync(context => context.Workers.ExecuteDeleteAsync(cancellationToken), cancellationToken);
        await TakeOverOrphansAsync(cancellationToken);
        await writes.OnceAsync(
            context => context.Jobs.Where(job => job.Status == JobStatus.Pending).ExecuteUpdateAsync(
                row => row
                    .SetProperty(job => job.SentAt, (long?)null)
                    .SetProperty(job => job.SendAfter, job => job.NextAttemptAt ?? job.CreatedAt)
                    .SetProperty(job => job.Resends, 0),
                cancellationToken),
            cancellationToken);
    }

    private async Task<IReadOnlyList<GenerateImage>> TakeAsync(
        JobsDbContext context, string which, long most, CancellationToken cancellationToken, params object[] parameters)
    {
        var statement = string.Create(CultureInfo.InvariantCulture, $"""
            UPDATE jobs
            SET sent_at = now_ms(), resends = resends + 1,
                send_after = now_ms() + {(long)ResendAfter.TotalMilliseconds} * (1 << CASE WHEN resends < 6 THEN resends ELSE 6 END)
            WHERE id IN (SELECT id FROM jobs WHERE {which} LIMIT {most} {database.SkipLocked})
            RETURNING *
            """);
        var jobs = await context.Jobs.FromSqlRaw(statement, parameters).AsNoTracking().ToListAsync(cancellationToken);
        return [.. jobs.OrderBy(job => job.Id).Select(job => job.ToCommand())];
    }
}
