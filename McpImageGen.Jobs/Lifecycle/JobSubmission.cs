using McpImageGen.Jobs.Bus;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace McpImageGen.Jobs.Lifecycle;

/// <summary>
/// Accepts jobs: first the rows, then the messages. Once the rows are written the jobs are accepted, whatever becomes of the messages:
/// requeue sends those that were not sent.
/// </summary>
public sealed partial class JobSubmission(JobWrites writes, GenerationBus bus, ILogger<JobSubmission> logger)
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

        try
        {
            await bus.SendAsync(jobs.Select(job => job.ToCommand()));
        }
        catch (Exception exception)
        {
            Log.NotSent(logger, jobs.Count, jobs[0].Id, exception.Message);
            await SendSoonAsync(jobs);
        }
    }

    private async Task SendSoonAsync(IReadOnlyList<GenerationJob> jobs)
    {
        var ids = jobs.Select(job => job.Id).ToList();
        try
        {
            await writes.OnceAsync(
                context => context.Jobs.Where(job => ids.Contains(job.Id)).ExecuteUpdateAsync(
                    row => row.SetProperty(job => job.SentAt, (long?)null).SetProperty(job => job.SendAfter, job => job.CreatedAt)),
                CancellationToken.None);
        }
        catch (Exception exception)
        {
            // The stamp stays, so requeue sends them a little later.
            Log.StampStays(logger, jobs[0].Id, exception.Message);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "{Count} job(s) from {JobId} on are accepted but not sent yet: {Reason}")]
        public static partial void NotSent(ILogger logger, int count, Guid jobId, string reason);

        [LoggerMessage(LogLevel.Warning, "The jobs from {JobId} on keep their stamp and are sent later: {Reason}")]
        public static partial void StampStays(ILogger logger, Guid jobId, string reason);
    }
}
