using McpImageGen.Jobs.Database;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace McpImageGen.Jobs.Lifecycle;

/// <summary>
/// Accepts jobs: first the rows, then the messages. Once the rows are written the jobs are accepted, whatever becomes of the messages.
/// What does not fit into the owner's <see cref="OwnerLine"/> is sent by requeue, as the owner's other jobs are finished.
/// </summary>
public sealed class JobSubmission(
    JobWrites writes, JobsDatabase database, IDbContextFactory<JobsDbContext> contexts, JobSends sends, IOptions<JobsOptions> options)
{
    /// <summary>Accepts all of the jobs or none of them. All are of one owner.</summary>
    /// <param name="jobs">The jobs.</param>
    /// <param name="call">Repeated within 24 h, it gets the jobs of the first call, even when both run at the same time; null when it cannot be repeated.</param>
    /// <returns>The jobs accepted: these, or those of the first call, as <see cref="FindEarlierAsync"/> returns them.</returns>
    /// <exception cref="IdempotencyConflictException">The first call with this key had other arguments.</exception>
    /// <exception cref="TooManyJobsException">They would be more than the owner may have unfinished.</exception>
    /// <exception cref="DbUpdateException">The database is away; nothing was accepted.</exception>
    public async Task<IReadOnlyList<GenerationJob>> SubmitAsync(IReadOnlyList<GenerationJob> jobs, RepeatableCall? call = null)
    {
        // From here on the caller's leaving changes nothing, hence no cancellation token.
        var accepted = await writes.OnceAsync(context => InsertAsync(context, jobs, call), CancellationToken.None);
        if (accepted == jobs && jobs.Where(job => job.SentAt is not null).Select(job => job.ToCommand()).ToList() is { Count: > 0 } commands)
            await sends.SendAsync(commands);
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

        // Counted by one call at a time, so that calls that race do not exceed together what each of them does not.
        await database.LockOwnerAsync(context, owner, CancellationToken.None);
        var line = await OwnerLine.ReadAsync(context, owner, CancellationToken.None);
        if (call is not null && await IdempotencyKeys.FindAsync(context, call, line.Now) is { } earlier)
            return earlier;
        if (line.Unfinished + jobs.Count > limit)
            throw new TooManyJobsException(line.Unfinished, limit);

        // Behind those that wait already.
        var room = (int)Math.Clamp(line.Room - line.Waiting, 0, jobs.Count);
        foreach (var job in jobs.Take(room))
        {
            job.SentAt = line.Now;
            job.SendAfter = line.Now + (long)JobRequeue.ResendAfter.TotalMilliseconds;
        }

        foreach (var job in jobs.Skip(room))
            job.SendAfter = line.Now;
        context.Jobs.AddRange(jobs);
        if (call is not null)
            await IdempotencyKeys.RecordAsync(context, jobs, call, line.Now);
        await context.SaveChangesAsync();
        await transaction.CommitAsync();
        return jobs;
    }
}
