using System.Data.Common;
using McpImageGen.Jobs.Database;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace McpImageGen.Standalone.Embedded;

/// <summary>The jobs in one SQLite file, used only by this process.</summary>
internal sealed class SqliteDatabase : JobsDatabase, IDisposable
{
    // SQLite supports one writer at a time; without this gate a second one sleeps 150 ms each time it finds the file busy.
    private readonly SemaphoreSlim _gate = new(1, 1);

    /// <inheritdoc/>
    public override string SkipLocked => "";

    /// <inheritdoc/>
    public override async Task MigrateAsync(JobsDbContext context, CancellationToken cancellationToken)
    {
        await context.Database.ExecuteSqlRawAsync("PRAGMA journal_mode = WAL", cancellationToken);

        // A process that is killed during a migration leaves its lock behind, and the next one would wait forever.
        // No other process can hold the lock, because the data folder is locked.
        await context.Database.ExecuteSqlRawAsync("DROP TABLE IF EXISTS \"__EFMigrationsLock\"", cancellationToken);
        await context.Database.MigrateAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public override async ValueTask<IDisposable> EnterWriteAsync(string? owner, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        return new Turn(_gate);
    }

    /// <inheritdoc/>
    public override Task LockOwnerAsync(JobsDbContext context, string owner, CancellationToken cancellationToken) =>
        Task.CompletedTask; // every writer already holds the gate

    /// <inheritdoc/>
    public override Task<string?> WhyReadOnlyAsync(JobsDbContext context, CancellationToken cancellationToken) => Task.FromResult<string?>(null);

    /// <inheritdoc/>
    protected override bool IsTransient(DbException exception) => exception is SqliteException
    {
        // Busy, locked, out of memory, read-only, I/O error, full, cannot open: all of them are transient.
        SqliteErrorCode: 5 or 6 or 7 or 8 or 10 or 13 or 14
    };

    public void Dispose() => _gate.Dispose();

    private sealed class Turn(SemaphoreSlim gate) : IDisposable
    {
        public void Dispose() => gate.Release();
    }
}
