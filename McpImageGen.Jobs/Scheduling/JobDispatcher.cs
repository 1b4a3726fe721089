using McpImageGen.Contracts;
using McpImageGen.Jobs.Bus;
using McpImageGen.Jobs.Database;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace McpImageGen.Jobs.Scheduling;

/// <summary>Sends the messages of jobs whose rows are marked as sent, and clears the mark if sending fails.</summary>
public sealed partial class JobDispatcher(WriteExecutor writes, GenerationBus bus, ILogger<JobDispatcher> logger)
{
    /// <summary>Sends the commands. Returns false if some or all could not be sent; requeue then sends them as soon as it can.</summary>
    public async Task<bool> SendAsync(IReadOnlyList<GenerateImage> commands)
    {
        try
        {
            await bus.SendAsync(commands);
            return true;
        }
        catch (Exception exception)
        {
            Log.NotSent(logger, commands.Count, commands[0].JobId, exception.Message);
        }

        try
        {
            await RedispatchAsync([.. commands.Select(command => command.JobId)], CancellationToken.None);
        }
        catch (Exception exception)
        {
            Log.NotMarkedUnsent(logger, commands[0].JobId, exception.Message);
        }

        return false;
    }

    /// <summary>Makes requeue send the messages of pending jobs again immediately, as if they had never been sent.</summary>
    public Task RedispatchAsync(IReadOnlyCollection<Guid> jobIds, CancellationToken cancellationToken) =>
        writes.ExecuteAsync(
            context => MarkUnsentAsync(context.Jobs.Where(job => jobIds.Contains(job.Id)), cancellationToken), cancellationToken);

    /// <summary>Marks the pending ones of the jobs as never sent: requeue sends them when they are due.</summary>
    internal static Task<int> MarkUnsentAsync(IQueryable<GenerationJob> jobs, CancellationToken cancellationToken) =>
        jobs.Where(job => job.Status == JobStatus.Pending).ExecuteUpdateAsync(
            row => row
                .SetProperty(job => job.SentAt, (long?)null)
                .SetProperty(job => job.SendAfter, job => job.NextAttemptAt ?? JobsDbContext.NowMs())
                .SetProperty(job => job.Resends, 0),
            cancellationToken);

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "{Count} job(s), the first of them {JobId}, were accepted but could not be sent to the workers yet: {Reason}")]
        public static partial void NotSent(ILogger logger, int count, Guid jobId, string reason);

        [LoggerMessage(LogLevel.Warning, "The jobs starting with {JobId} could not be marked as unsent; they will be sent later: {Reason}")]
        public static partial void NotMarkedUnsent(ILogger logger, Guid jobId, string reason);
    }
}
