using System.Globalization;
using McpImageGen.Jobs.Database;
using Microsoft.EntityFrameworkCore;

namespace McpImageGen.Jobs.Scheduling;

/// <summary>The heartbeats of the workers, by the database's clock.</summary>
public sealed class WorkerRegistry(WriteExecutor writes, IDbContextFactory<JobsDbContext> contexts)
{
    /// <summary>How long a worker may send no heartbeat before its jobs are reclaimed.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromSeconds(10);

    private const long KeptAfterDeath = 24 * 60 * 60 * 1000;

    /// <summary>SQL: what <see cref="Alive"/> selects.</summary>
    private static readonly string IsSeen = string.Create(CultureInfo.InvariantCulture, $"""
        seen > now_ms() - {(long)Silence.TotalMilliseconds} AND seen < now_ms() + {(long)Silence.TotalMilliseconds}
        """);

    /// <summary>
    /// SQL: how many of an owner's jobs may have a message: the total concurrency of the live workers plus a quarter, so that no worker
    /// waits for work and autoscaling by queue length sees that there is more; 64 while there is no live worker.
    /// </summary>
    internal static readonly string SendablePerOwner = string.Create(CultureInfo.InvariantCulture, $"""
        (SELECT CASE WHEN SUM(concurrency) > 0 THEN SUM(concurrency) + SUM(concurrency) / 4 ELSE 64 END
         FROM workers WHERE {IsSeen})
        """);

    /// <summary>The workers that are alive by the database's clock. A heartbeat in the future is from before the clock was set back.</summary>
    internal static IQueryable<WorkerRow> Alive(JobsDbContext context)
    {
        var silence = (long)Silence.TotalMilliseconds;
        return context.Workers.Where(worker => worker.Seen > JobsDbContext.NowMs() - silence && worker.Seen < JobsDbContext.NowMs() + silence);
    }

    /// <summary>Records a heartbeat, with the worker's concurrency and the source of its images.</summary>
    public Task RecordHeartbeatAsync(Guid workerId, int concurrency, string imageSource, CancellationToken cancellationToken) =>
        writes.ExecuteAsync(
            context => context.Database.ExecuteSqlInterpolatedAsync($"""
                INSERT INTO workers (id, started, seen, concurrency, image_source)
                VALUES ({workerId}, now_ms(), now_ms(), {concurrency}, {imageSource})
                ON CONFLICT (id) DO UPDATE SET seen = excluded.seen
                """, cancellationToken),
            cancellationToken);

    /// <summary>The number of live workers, at least 1, since the caller is one.</summary>
    public async Task<int> CountAsync(CancellationToken cancellationToken) =>
        Math.Max(1, await writes.ExecuteAsync(context => Alive(context).CountAsync(cancellationToken), cancellationToken));

    /// <summary>The last heartbeat of each worker, and the current time, both by the database's clock in Unix milliseconds.</summary>
    public async Task<(long Now, IReadOnlyDictionary<Guid, long> Seen)> ReadAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var seen = await context.Workers.AsNoTracking().ToDictionaryAsync(worker => worker.Id, worker => worker.Seen, cancellationToken);
        return (await context.NowAsync(cancellationToken), seen);
    }

    /// <summary>Removes the worker, and the workers that died more than a day ago.</summary>
    public Task LeaveAsync(Guid workerId, CancellationToken cancellationToken) =>
        writes.ExecuteAsync(
            context => context.Database.ExecuteSqlInterpolatedAsync(
                $"DELETE FROM workers WHERE id = {workerId} OR seen < now_ms() - {KeptAfterDeath}", cancellationToken),
            cancellationToken);
}
