using System.Globalization;
using McpImageGen.Contracts;
using McpImageGen.Jobs.Database;
using Microsoft.EntityFrameworkCore;

namespace McpImageGen.Jobs.Scheduling;

/// <summary>
/// Takes jobs from workers that are dead or whose lease is over, so that another worker claims them. Safe to run in all replicas concurrently.
/// </summary>
public sealed class JobReclaim(WriteExecutor writes, IDbContextFactory<JobsDbContext> contexts, WorkerMonitor monitor)
{
    /// <summary>How often a job is reclaimed from a dead worker before it is failed: the job may be what makes the workers die.</summary>
    public const int MaxTakeovers = 10;

    /// <summary>The maximum number of jobs per batch.</summary>
    private const int Batch = 200;

    /// <summary>Times of events may be this much in the future: two statements can be stamped in another order than they take effect.</summary>
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromSeconds(1);

    /// <summary>Observes the workers and reclaims the jobs of dead ones, as <see cref="ReclaimAsync(WorkerLiveness, CancellationToken)"/> does; call it about every second.</summary>
    /// <returns>
    /// The jobs whose times were corrected because the database's clock was set back, and the reclaimed jobs: none until this process has observed the
    /// workers for 10 s.
    /// </returns>
    public async Task<(int Corrected, IReadOnlyList<ReclaimedJob> Reclaimed)> ReclaimLostAsync(CancellationToken cancellationToken)
    {
        var liveness = await monitor.ObserveAsync(cancellationToken);
        var corrected = monitor.ClockMayBeSetBack ? await CorrectFutureTimesAsync(cancellationToken) : 0;
        return (corrected, liveness is null ? [] : await ReclaimAsync(liveness, cancellationToken));
    }

    /// <summary>
    /// Reclaims jobs whose worker is dead or whose lease is over, and fails those that have been reclaimed too often. At most 200; the rest at the next call.
    /// </summary>
    /// <param name="liveness">Which workers are alive.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public async Task<IReadOnlyList<ReclaimedJob>> ReclaimAsync(WorkerLiveness liveness, CancellationToken cancellationToken)
    {
        var reclaimed = new List<ReclaimedJob>();
        foreach (var job in await FindLostAsync(liveness, cancellationToken))
        {
            var reason = job.WorkerId is { } worker && liveness.IsAlive(worker) ? ReclaimReason.LeaseExpired : ReclaimReason.WorkerSilent;
            var fails = job.Takeovers >= MaxTakeovers;
            if (await writes.ExecuteAsync(context => fails ? FailAsync(context, job) : ReclaimAsync(context, job, reason), cancellationToken) == 1)
                reclaimed.Add(new ReclaimedJob(job.Id, job.WorkerId, reason, job.LeaseUntil, fails));
        }

        return reclaimed;
    }

    private async Task<IReadOnlyList<GenerationJob>> FindLostAsync(WorkerLiveness liveness, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var (known, alive, leasesAreReliable) = (liveness.Known, liveness.Alive, liveness.LeasesAreReliable);
        var silence = (long)WorkerRegistry.Silence.TotalMilliseconds;

        // A silent worker that has just claimed a job is back, although its heartbeat has not been seen yet.
        return await context.Jobs.AsNoTracking()
            .Where(job => job.Status == JobStatus.Processing
                && ((leasesAreReliable && job.LeaseUntil < JobsDbContext.NowMs())
                    || !known.Contains(job.WorkerId!.Value)
                    || (!alive.Contains(job.WorkerId!.Value) && job.ClaimedAt <= JobsDbContext.NowMs() - silence)))
            .OrderBy(job => job.LeaseUntil)
            .Take(Batch)
            .ToListAsync(cancellationToken);
    }

    private static Task<int> ReclaimAsync(JobsDbContext context, GenerationJob job, string reason) =>
        context.Database.ExecuteSqlInterpolatedAsync($"""
            UPDATE jobs
            SET status = {JobStatus.Pending}, updated_at = now_ms(), claim = NULL, worker_id = NULL, lease_until = NULL,
                takeovers = takeovers + 1, reclaimed_at = now_ms(), reclaim_reason = {reason}, send_after = now_ms(), sent_at = NULL, resends = 0
            WHERE id = {job.Id} AND claim = {job.Claim} AND status = {JobStatus.Processing}
            """);

    private static Task<int> FailAsync(JobsDbContext context, GenerationJob job)
    {
        const string Error = "Every worker that processed this job stopped unexpectedly. Submit the job again, and tell the operator.";
        return context.Database.ExecuteSqlInterpolatedAsync($"""
            UPDATE jobs
            SET status = {JobStatus.Failed}, updated_at = now_ms(), finished_at = now_ms(), lease_until = NULL,
                error_code = {ErrorCode.WorkersLost}, error = {Error}
            WHERE id = {job.Id} AND claim = {job.Claim} AND status = {JobStatus.Processing}
            """);
    }

    /// <summary>
    /// After the database's clock was set back, moves the times of unfinished jobs that are in the future back by as much, so that no job waits until
    /// the clock has caught up. Without effect when no time of an event is in the future.
    /// </summary>
    /// <returns>How many jobs were corrected.</returns>
    public Task<int> CorrectFutureTimesAsync(CancellationToken cancellationToken)
    {
        // A job's latest event, compared with now, shows by how much the clock was set back.
        const string Latest = """
            (CASE WHEN COALESCE(sent_at, 0) > updated_at AND COALESCE(sent_at, 0) >= COALESCE(claimed_at, 0) THEN sent_at
                  WHEN COALESCE(claimed_at, 0) > updated_at THEN claimed_at ELSE updated_at END)
            """;
        const string Ahead = $"({Latest} - now_ms())";
        var statement = string.Create(CultureInfo.InvariantCulture, $"""
            UPDATE jobs
            SET next_attempt_at = next_attempt_at - {Ahead}, send_after = send_after - {Ahead}, lease_until = lease_until - {Ahead},
                retry_until = retry_until - {Ahead}, claimed_at = claimed_at - {Ahead}, sent_at = sent_at - {Ahead}, updated_at = now_ms()
            WHERE finished_at IS NULL AND {Latest} > now_ms() + {(long)ClockTolerance.TotalMilliseconds}
            """);
        return writes.ExecuteAsync(context => context.Database.ExecuteSqlRawAsync(statement, cancellationToken), cancellationToken);
    }

    /// <summary>
    /// For the start of a process that is the only user of the data: no earlier worker is alive and no earlier message exists,
    /// so every unfinished job that is not waiting for its next attempt is due now.
    /// </summary>
    public async Task StartAloneAsync(CancellationToken cancellationToken)
    {
        await CorrectFutureTimesAsync(cancellationToken);
        await writes.ExecuteAsync(context => context.Workers.ExecuteDeleteAsync(cancellationToken), cancellationToken);
        while ((await ReclaimAsync(WorkerLiveness.NoWorkers, cancellationToken)).Count > 0)
        {
        }

        await writes.ExecuteAsync(context => JobDispatcher.MarkUnsentAsync(context.Jobs, cancellationToken), cancellationToken);
    }
}

/// <summary>A job that was taken from its worker.</summary>
/// <param name="Id">The job's id.</param>
/// <param name="WorkerId">The worker that had claimed it.</param>
/// <param name="Reason">One of <see cref="ReclaimReason"/>.</param>
/// <param name="LeaseUntil">The end of the worker's lease, Unix milliseconds by the database's clock.</param>
/// <param name="Failed">True if it had been reclaimed too often and has failed; otherwise it is pending again.</param>
public sealed record ReclaimedJob(Guid Id, Guid? WorkerId, string Reason, long? LeaseUntil, bool Failed);

/// <summary>Why a job was taken from its worker.</summary>
public static class ReclaimReason
{
    /// <summary>The worker has stopped, or sent no heartbeat for 10 s.</summary>
    public const string WorkerSilent = "worker_silent";

    /// <summary>The worker sends heartbeats, but its lease is over.</summary>
    public const string LeaseExpired = "lease_expired";
}
