using System.Globalization;
using McpImageGen.Contracts;
using McpImageGen.Jobs.Database;
using Microsoft.EntityFrameworkCore;

namespace McpImageGen.Jobs.Scheduling;

/// <summary>
/// Finds jobs whose message is to be sent: messages that were never sent or were lost, and jobs whose turn or next attempt is due.
/// Safe to run in all replicas concurrently.
/// </summary>
public sealed class JobRequeue(WriteExecutor writes, IDbContextFactory<JobsDbContext> contexts, JobsDatabase database)
{
    /// <summary>How long after a send a job that is still pending is sent again; the interval doubles each time.</summary>
    public static readonly TimeSpan ResendAfter = TimeSpan.FromSeconds(15);

    /// <summary>The maximum number of jobs per batch.</summary>
    public const int Batch = 200;

    /// <summary>
    /// Marks jobs whose message appears to be lost as sent again and returns their commands, at most 200, the longest overdue first.
    /// </summary>
    public Task<IReadOnlyList<GenerateImage>> TakeLostAsync(CancellationToken cancellationToken) =>
        writes.ExecuteAsync(
            context => TakeAsync(
                context, $"status = '{JobStatus.Pending}' AND sent_at IS NOT NULL AND send_after <= now_ms() ORDER BY send_after", Batch, cancellationToken),
            cancellationToken);

    /// <summary>The owners that have jobs whose message may be sent now.</summary>
    public async Task<IReadOnlyList<string>> OwnersWithRoomAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await OwnerQueue.OwnersWithRoomAsync(context, cancellationToken);
    }

    /// <summary>
    /// Marks the owner's jobs that are next in its <see cref="OwnerQueue"/> as sent and returns their commands, at most 200, the oldest first.
    /// </summary>
    public Task<IReadOnlyList<GenerateImage>> TakeNextAsync(string owner, CancellationToken cancellationToken) =>
        writes.ExecuteAsync(
            owner,
            async context =>
            {
                await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
                await database.LockOwnerAsync(context, owner, cancellationToken);
                var room = (await OwnerQueue.ReadAsync(context, owner, cancellationToken)).Room;
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

    private async Task<IReadOnlyList<GenerateImage>> TakeAsync(
        JobsDbContext context, string which, long max, CancellationToken cancellationToken, params object[] parameters)
    {
        var statement = string.Create(CultureInfo.InvariantCulture, $"""
            UPDATE jobs
            SET sent_at = now_ms(), resends = resends + 1,
                send_after = now_ms() + {(long)ResendAfter.TotalMilliseconds} * (1 << CASE WHEN resends < 6 THEN resends ELSE 6 END)
            WHERE id IN (SELECT id FROM jobs WHERE {which} LIMIT {max} {database.SkipLocked})
            RETURNING id
            """);
        var ids = await context.Database.SqlQueryRaw<Guid>(statement, parameters).ToListAsync(cancellationToken);
        if (ids.Count == 0)
            return [];
        var jobs = await context.Jobs.AsNoTracking().Where(job => ids.Contains(job.Id)).OrderBy(job => job.Id).ToListAsync(cancellationToken);
        return [.. jobs.Select(job => job.ToCommand())];
    }
}
