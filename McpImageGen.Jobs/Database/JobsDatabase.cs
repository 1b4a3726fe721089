using System.Data.Common;

namespace McpImageGen.Jobs.Database;

/// <summary>
/// What differs between the databases that hold the jobs; all else is written once.
/// Each database also has an SQL function <c>now_ms()</c>: its clock in Unix milliseconds.
/// </summary>
public abstract class JobsDatabase
{
    /// <summary>What a sub-select that picks rows to update ends with, so that replicas do not wait for each other.</summary>
    public abstract string SkipLocked { get; }

    /// <summary>Makes the schema current. Safe when a process was killed in the middle of it.</summary>
    public abstract Task MigrateAsync(JobsDbContext context, CancellationToken cancellationToken);

    /// <summary>Held around each write: where the database has room for one writer only, and where writes lock the same owner.</summary>
    /// <param name="owner">Whom the write locks; null for nobody.</param>
    public abstract ValueTask<IDisposable> EnterWriteAsync(string? owner, CancellationToken cancellationToken);

    /// <summary>Makes transactions that submit jobs of one owner take turns, until the context's transaction ends.</summary>
    public abstract Task LockOwnerAsync(JobsDbContext context, string owner, CancellationToken cancellationToken);

    /// <summary>Why nothing can be written though the database answers; null when it can.</summary>
    public abstract Task<string?> WhyReadOnlyAsync(JobsDbContext context, CancellationToken cancellationToken);

    /// <summary>True when what caused the exception, at whatever depth, can pass: the database is away, busy, full or read-only.</summary>
    public bool IsAway(Exception exception) =>
        exception is DbException failure ? CanPass(failure)
        : exception.InnerException is { } inner && IsAway(inner);

    /// <summary>True when the same statement may succeed later.</summary>
    protected abstract bool CanPass(DbException exception);
}
