using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace McpImageGen.Jobs.Database.Postgres;

/// <summary>The jobs in Postgres, shared by any number of APIs and workers.</summary>
internal sealed class PostgresDatabase : JobsDatabase
{
    /// <summary>An arbitrary number that no other program uses for an advisory lock on this database.</summary>
    private const long MigrationLock = 0x4D63_7049_6D67;

    /// <inheritdoc/>
    public override string SkipLocked => "FOR UPDATE SKIP LOCKED";

    /// <inheritdoc/>
    public override async Task MigrateAsync(JobsDbContext context, CancellationToken cancellationToken)
    {
        // Serializes replicas that start together; it is a session lock, so it is released if the process dies.
        await context.Database.OpenConnectionAsync(cancellationToken);
        try
        {
            await context.Database.ExecuteSqlAsync($"SELECT pg_advisory_lock({MigrationLock})", cancellationToken);
            await context.Database.MigrateAsync(cancellationToken);
            await context.Database.ExecuteSqlAsync($"SELECT pg_advisory_unlock({MigrationLock})", cancellationToken);
        }
        finally
        {
            await context.Database.CloseConnectionAsync();
        }
    }

    /// <inheritdoc/>
    public override ValueTask<IDisposable> EnterWriteAsync(CancellationToken cancellationToken) =>
        ValueTask.FromResult<IDisposable>(NoTurn.Instance);

    /// <inheritdoc/>
    public override Task LockOwnerAsync(JobsDbContext context, string owner, CancellationToken cancellationToken) =>
        context.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock(hashtextextended({owner}, 0))", cancellationToken);

    /// <inheritdoc/>
    protected override bool CanPass(DbException exception) => exception switch
    {
        // The database was unavailable at startup: a service is creating the tables now.
        PostgresException { SqlState: PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.UndefinedColumn } => true,
        // Connection lost, too many connections or no disk, serialization or deadlock, operator intervention, system error.
        PostgresException { SqlState: [var first, var second, ..] } => (first, second) is ('0', '8') or ('5', '3') or ('4', '0') or ('5', '7') or ('5', '8'),
        NpgsqlException => true,
        _ => false,
    };

    private sealed class NoTurn : IDisposable
    {
        public static readonly NoTurn Instance = new();

        public void Dispose()
        {
        }
    }
}
