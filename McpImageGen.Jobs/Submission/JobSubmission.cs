using McpImageGen.Jobs.Database;
using McpImageGen.Jobs.Scheduling;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace McpImageGen.Jobs.Submission;

/// <summary>
/// Accepts jobs: first the rows, then the messages. Once the rows are written, the jobs are accepted, even if sending the messages fails.
/// Jobs beyond the limit of the owner's <see cref="OwnerQueue"/> are sent by requeue as the owner's other jobs finish.
/// </summary>
public sealed class JobSubmission(
    WriteExecutor writes, JobsDatabase database, IDbContextFactory<JobsDbContext> contexts, JobDispatcher dispatcher, IOptions<JobsOptions> options)
{
    /// <summary>Accepts all of the jobs or none. All must belong to one owner.</summary>
    /// <param name="jobs">The jobs.</param>
    /// <param name="call">
    /// Repeated within 24 h, it returns the jobs of the first call, even for concurrent calls; null if it has no idempotency key.
    /// </param>
    /// <returns>The accepted jobs: these, or those of the first call, as <see cref="FindEarlierAsync"/> returns them.</returns>
    /// <exception cref="IdempotencyConflictException">The first call with this key had other arguments.</exception>
    /// <exception cref="TooManyJobsException">The owner would exceed the limit of unfinished jobs.</exception>
    /// <exception cref="DbUpdateException">The database is unavailable; nothing was accepted.</exception>
    public async Task<IReadOnlyList<GenerationJob>> SubmitAsync(IReadOnlyList<GenerationJob> jobs, RepeatableCall? call = null)
    {
        // No cancellation token: from here on, the call completes even if the caller disconnects.
        var accepted = await writes.ExecuteAsync(jobs[0].Owner, context => InsertAsync(context, jobs, call), CancellationToken.None);
        if (accepted == jobs && jobs.Where(job => job.SentAt is not null).Select(job => job.ToCommand()).ToList() is { Count: > 0 } commands)
            await dispatcher.SendAsync(commands);
        return accepted;
    }

    /// <summary>
    /// The jobs of the first call with this key as they are now, in its order; null when there was none in the last 24 h. A job that was deleted
    /// since has the status <see cref="Contracts.JobStatus.Deleted"/>.
    /// </summary>
    /// <exception cref="IdempotencyConflictException">The first call had other arguments.</exception>
    public async Task<IReadOnlyList<GenerationJob>?> FindEarlierAsync(RepeatableCall call, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await IdempotencyKeys.FindAsync(context, call, await context.NowAsync(cancellationToken));
    }

    private async Task<IReadOnlyList<GenerationJob>> InsertAsync(
        JobsDbContext context, IReadOnlyList<GenerationJob> jobs, RepeatableCall? call)
    {
        var owner = jobs[0].Owner;
        var limit = options.Value.UnfinishedPerOwner;
        await using var transaction = await context.Database.BeginTransactionAsync();

        // Counted by one call at a time, so that concurrent calls cannot exceed the limit together.
        await database.LockOwnerAsync(context, owner, CancellationToken.None);
        var queue = await OwnerQueue.ReadAsync(context, owner, CancellationToken.None);
        if (call is not null && await IdempotencyKeys.FindAsync(context, call, queue.Now) is { } earlier)
            return earlier;
        if (queue.Unfinished + jobs.Count > limit)
            throw new TooManyJobsException(queue.Unfinished, limit);

        // Queued behind the jobs that are already waiting.
        var room = (int)Math.Clamp(queue.Room - queue.Waiting, 0, jobs.Count);
        foreach (var job in jobs.Take(room))
        {
            job.SentAt = queue.Now;
            job.SendAfter = queue.Now + (long)JobRequeue.ResendAfter.TotalMilliseconds;
        }

        foreach (var job in jobs.Skip(room))
            job.SendAfter = queue.Now;
        foreach (var job in jobs)
            (job.CreatedAt, job.UpdatedAt) = (queue.Now, queue.Now);
        context.Jobs.AddRange(jobs);
        if (call is not null)
            await IdempotencyKeys.RecordAsync(context, jobs, call, queue.Now);
        await context.SaveChangesAsync();
        await transaction.CommitAsync();
        return jobs;
    }
}

/// <summary>The owner has too many unfinished jobs; no job of the call was accepted.</summary>
public sealed class TooManyJobsException(long unfinished, int limit)
    : Exception($"The owner has {unfinished} unfinished jobs; the limit is {limit}.")
{
    /// <summary>How many unfinished jobs the owner has.</summary>
    public long Unfinished => unfinished;

    /// <summary>The limit.</summary>
    public int Limit => limit;
}
