using System.Globalization;
using McpImageGen.Contracts;
using McpImageGen.Jobs.Database;
using Microsoft.EntityFrameworkCore;

namespace McpImageGen.Jobs.Lifecycle;

/// <summary>
/// Finds jobs that nobody works on: those whose message was not sent or got lost, those whose next attempt is due,
/// and those whose worker died. Safe in every replica at once.
/// </summary>
public sealed class JobRequeue(JobWrites writes, IDbContextFactory<JobsDbContext> contexts, JobsDatabase database)
{
    /// <summary>How long after a send a job that is still pending is sent again; twice as long after each further one.</summary>
    public static readonly TimeSpan ResendAfter = TimeSpan.FromSeconds(15);

    /// <summary>How long a worker may be silent before its jobs are taken over.</summary>
    public static readonly TimeSpan WorkerSilence = TimeSpan.FromSeconds(10);

    /// <summary>How often a job is taken from a worker that died before it is failed: it may be what kills them.</summary>
    public const int MostTakeovers = 10;

    /// <summary>How many jobs are taken at once at most.</summary>
    public const int Batch = 200;

    /// <summary>
    /// Stamps jobs whose message seems to be lost as sent again and returns their commands, at most 200, the longest due first.
    /// </summary>
    public Task<IReadOnlyList<GenerateImage>> TakeLostAsync(CancellationToken cancellationToken) =>
        writes.OnceAsync(
            context => TakeAsync(
                context, $"status = '{JobStatus.Pending}' AND sent_at IS NOT NULL AND send_after <= now_ms() ORDER BY send_after", Batch, cancellationToken),
            cancellationToken);

    /// <summary>The owners that have jobs which wait for a message and may have one.</summary>
    public async Task<IReadOnlyList<string>> OwnersWithRoomAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await OwnerLine.OwnersWithRoomAsync(context, cancellationToken);
    }

    /// <summary>
    /// Stamps those of the owner's jobs as sent that are next in its <see cref="OwnerLine"/> and returns their commands, at most 200,
    /// the oldest first.
    /// </summary>
    public Task<IReadOnlyList<GenerateImage>> TakeNextAsync(string owner, CancellationToken cancellationToken) =>
        writes.OnceAsync(
            owner,
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

    /// <summary>Makes the jobs of dead workers pending again, and fails those that have been through that too often.</summary>
    /// <returns>The jobs that it failed.</returns>
    public async Task<IReadOnlyList<Guid>> TakeOverOrphansAsync(CancellationToken cancellationToken)
    {
        // The status is written out: by a parameter SQLite would not know that the index of unfinished jobs will do, and read all jobs.
        var silence = (long)WorkerSilence.TotalMilliseconds;
        const string Error = "The workers that took this job died each time. Submit it again, and tell the operator.";
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
    /// For a process that holds the data alone and starts: no worker of before is alive and no message of before exists,
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
