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
    /// <exception cref="TooManyJobsException">They would be more than the owner may have unfinished.</exception>
    /// <exception cref="DbUpdateException">The database is away; nothing was accepted.</exception>
    public async Task SubmitAsync(IReadOnlyList<GenerationJob> jobs)
    {
        // From here on the caller's leaving changes nothing, hence no cancellation token.
        await writes.OnceAsync(context => InsertAsync(context, jobs), CancellationToken.None);
        if (jobs.Where(job => job.SentAt is not null).Select(job => job.ToCommand()).ToList() is { Count: > 0 } commands)
            await sends.SendAsync(commands);
    }

    private async Task<int> InsertAsync(JobsDbContext context, IReadOnlyList<GenerationJob> jobs)
    {
        var owner = jobs[0].Owner;
        var limit = options.Value.UnfinishedPerOwner;
        await using var transaction = await context.Database.BeginTransactionAsync();

        // Counted by one call at a time, so that calls that race do not exceed together what each of them does not.
        await database.LockOwnerAsync(context, owner, CancellationToken.None);
        var line = await OwnerLine.ReadAsync(context, owner, CancellationToken.None);
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
        var rows = await context.SaveChangesAsync();
        await transaction.CommitAsync();
        return rows;
    }
}
