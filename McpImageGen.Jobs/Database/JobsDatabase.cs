using System.Data.Common;

namespace McpImageGen.Jobs.Database;

/// <summary>
/// The differences between the supported databases; all other code is shared.
/// Each database also has an SQL function <c>now_ms()</c>, which returns its clock in Unix milliseconds.
/// </summary>
public abstract class JobsDatabase
{
    /// <summary>The end of a sub-select that picks rows to update, so that replicas do not wait for each other.</summary>
    public abstract string SkipLocked { get; }

    /// <summary>Migrates the schema to the current version. Safe if a process was killed in the middle of a migration.</summary>
    public abstract Task MigrateAsync(JobsDbContext context, CancellationToken cancellationToken);

    /// <summary>Held around each write if the database supports only one writer at a time, or if the write locks an owner.</summary>
    /// <param name="owner">The owner that the write locks; null for none.</param>
    public abstract ValueTask<IDisposable> EnterWriteAsync(string? owner, CancellationToken cancellationToken);

    /// <summary>Serializes transactions that submit jobs of the same owner; held until the context's transaction ends.</summary>
    public abstract Task LockOwnerAsync(JobsDbContext context, string owner, CancellationToken cancellationToken);

    /// <summary>Why the database accepts no writes although it responds; null if it accepts them.</summary>
    public abstract Task<string?> WhyReadOnlyAsync(JobsDbContext context, CancellationToken cancellationToken);

    /// <summary>True if the exception, or any of its inner exceptions, is transient: the database is unavailable, busy, full or read-only.</summary>
    public bool IsUnavailable(Exception exception) =>
        exception is DbException failure ? IsTransient(failure)
        : exception.InnerException is { } inner && IsUnavailable(inner);

    /// <summary>True if the same statement may succeed later.</summary>
    protected abstract bool IsTransient(DbException exception);
}
