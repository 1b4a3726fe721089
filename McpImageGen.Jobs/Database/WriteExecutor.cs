using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace McpImageGen.Jobs.Database;

/// <summary>Runs one write at a time if the database requires it, and waits for the database if giving up would lose work.</summary>
public sealed partial class WriteExecutor(
    IDbContextFactory<JobsDbContext> contexts, JobsDatabase database, TimeProvider time, ILogger<WriteExecutor> logger)
{
    private static readonly TimeSpan MinPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan MaxPause = TimeSpan.FromSeconds(2);

    /// <summary>Runs the statement once; the caller must handle an unavailable database.</summary>
    public Task<T> ExecuteAsync<T>(Func<JobsDbContext, Task<T>> write, CancellationToken cancellationToken) =>
        ExecuteAsync(null, write, cancellationToken);

    /// <summary>Runs once a statement that locks the owner.</summary>
    public async Task<T> ExecuteAsync<T>(string? owner, Func<JobsDbContext, Task<T>> write, CancellationToken cancellationToken)
    {
        using var turn = await database.EnterWriteAsync(owner, cancellationToken);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await write(context);
    }

    /// <summary>
    /// Runs the statement and retries until the database responds. After a lost connection it is unknown whether the statement was executed,
    /// so it must be safe to execute twice.
    /// </summary>
    public async Task<T> ExecuteWithRetryAsync<T>(Func<JobsDbContext, Task<T>> write, CancellationToken cancellationToken)
    {
        for (var pause = MinPause; ; pause = pause * 2 < MaxPause ? pause * 2 : MaxPause)
        {
            try
            {
                return await ExecuteAsync(write, cancellationToken);
            }
            catch (Exception exception) when (database.IsUnavailable(exception))
            {
                Log.DatabaseUnavailable(logger, pause.TotalSeconds, exception.GetBaseException().Message);
            }

            await Task.Delay(pause, time, cancellationToken);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The database is not available; retrying in {Seconds} s: {Reason}")]
        public static partial void DatabaseUnavailable(ILogger logger, double seconds, string reason);
    }
}
