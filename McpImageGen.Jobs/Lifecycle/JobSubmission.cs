using Microsoft.EntityFrameworkCore;

namespace McpImageGen.Jobs.Lifecycle;

/// <summary>
/// Accepts jobs: first the rows, then the messages. Once the rows are written the jobs are accepted, whatever becomes of the messages.
/// </summary>
public sealed class JobSubmission(JobWrites writes, JobSends sends)
{
    /// <summary>Accepts all of the jobs or, when the database is away, none of them.</summary>
    /// <exception cref="DbUpdateException">The database is away; nothing was accepted.</exception>
    public async Task SubmitAsync(IReadOnlyList<GenerationJob> jobs)
    {
        // From here on the caller's leaving changes nothing, hence no cancellation token.
        await writes.OnceAsync(
            async context =>
            {
                context.Jobs.AddRange(jobs);
                return await context.SaveChangesAsync();
            },
            CancellationToken.None);
        await sends.SendAsync([.. jobs.Select(job => job.ToCommand())]);
    }
}
