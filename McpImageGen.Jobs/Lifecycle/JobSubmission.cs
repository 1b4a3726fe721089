using McpImageGen.Jobs.Database;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace McpImageGen.Jobs.Lifecycle;

/// <summary>
/// Accepts jobs: first the rows, then the messages. Once the rows are written, the jobs are accepted, even if sending the messages fails.
/// Jobs beyond the limit of the owner's <see cref="OwnerLine"/> are sent by requeue as the owner's other jobs finish.
/// </summary>
public sealed class JobSubmission(JobWrites writes, JobsDatabase database, JobSends sends, IOptions<JobsOptions> options)
{
    /// <summary>Accepts all of the jobs or none. All must belong to one owner.</summary>
    /// <param name="jobs">The jobs.</param>
    /// <param name="idempotencyKey">
    /// Within 24 h the same key of the same owner returns the same jobs, even for concurrent calls; null for none.
    /// </param>
    /// <returns>The accepted jobs: these, or the jobs that an earlier call with the same key created, in their current state.</returns>
    /// <exception cref="IdempotencyConflictException">The earlier call requested different jobs.</exception>
    /// <exception cref="TooManyJobsException">The owner would exceed the limit of unfinished jobs.</exception>
    /// <exception cref="DbUpdateException">The database is unavailable; nothing was accepted.</exception>
    public async Task<IReadOnlyList<GenerationJob>> SubmitAsync(IReadOnlyList<GenerationJob> jobs, string? idempotencyKey = null)
    {
        // No cancellation token: from here on, the call completes even if the caller disconnects.
        var accepted = await writes.OnceAsync(context => InsertAsync(context, jobs, idempotencyKey), CancellationToken.None);
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

        // Counted by one call at a time, so that concurrent calls cannot exceed the limit together.
        await database.LockOwnerAsync(context, owner, CancellationToken.None);
        var line = await OwnerLine.ReadAsync(context, owner, CancellationToken.None);
        if (idempotencyKey is not null && await IdempotencyKeys.FindAsync(context, jobs, idempotencyKey, line.Now) is { Count: > 0 } earlier)
            return earlier;
        if (line.Unfinished + jobs.Count > limit)
            throw new TooManyJobsException(line.Unfinished, limit);

        // Queued behind the jobs that are already waiting.
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
