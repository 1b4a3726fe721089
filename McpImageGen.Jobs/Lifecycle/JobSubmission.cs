using McpImageGen.Jobs.Database;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace McpImageGen.Jobs.Lifecycle;

/// <summary>
/// Accepts jobs: first the rows, then the messages. Once the rows are written the jobs are accepted, whatever becomes of the messages.
/// What does not fit into the owner's <see cref="OwnerLine"/> is sent by requeue, as the owner's other jobs are finished.
/// </summary>
public sealed class JobSubmission(JobWrites writes, JobsDatabase database, JobSends sends, IOptions<JobsOptions> options)
{
    /// <summary>Accepts all of the jobs or none of them. All are of one owner.</summary>
    /// <param name="jobs">The jobs.</param>
    /// <param name="idempotencyKey">Within 24 h the same owner's same key leads to the same jobs, also when calls race; null for none.</param>
    /// <returns>The jobs accepted: these, or those that an earlier call with the same key has made, as they are now.</returns>
    /// <exception cref="IdempotencyConflictException">The earlier call asked for other jobs.</exception>
    /// <exception cref="TooManyJobsException">They would be more than the owner may have unfinished.</exception>
    /// <exception cref="DbUpdateException">The database is away; nothing was accepted.</exception>
    public async Task<IReadOnlyList<GenerationJob>> SubmitAsync(IReadOnlyList<GenerationJob> jobs, string? idempotencyKey = null)
    {
        // From here on the caller's leaving changes nothing, hence no cancellation token.
        var accepted = await writes.OnceAsync(jobs[0].Owner, context => InsertAsync(context, jobs, idempotencyKey), CancellationToken.None);
        if (accepted == jobs && jobs.Where(job => job.SentAt is not null).Select(job => job.ToCommand()).ToList() is { Count: > 0 } commands)
            await sends.SendAsync(commands);
        return accepted;
    }

    private async Task<IReadOnlyList<GenerationJob>> InsertAsync(
        JobsDbContext context, IReadOnlyList<GenerationJob> jobs, string? idempotencyKey)
    {
        var owner = jobs[0].Owner;
        var limit = options.Value.UnfinishedPerOwner;
        await using var transaction = await context.Database.BeginTransactionAsync();

        // Counted by one call at a time, so that calls that race do not exceed together what each of them does not.
        await database.LockOwnerAsync(context, owner, CancellationToken.None);
        var line = await OwnerLine.ReadAsync(context, owner, CancellationToken.None);
        if (idempotencyKey is not null && await IdempotencyKeys.FindAsync(context, jobs, idempotencyKey, line.Now) is { Count: > 0 } earlier)
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
        if (idempotencyKey is not null)
            await IdempotencyKeys.NoteAsync(context, jobs, idempotencyKey, line.Now);
        await context.SaveChangesAsync();
        await transaction.CommitAsync();
        return jobs;
    }
}
