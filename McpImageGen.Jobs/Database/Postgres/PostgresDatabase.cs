using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql;

namespace McpImageGen.Jobs.Database.Postgres;

/// <summary>The jobs in Postgres, shared by any number of APIs and workers.</summary>
internal sealed class PostgresDatabase(TimeProvider time) : JobsDatabase
{
    /// <summary>An arbitrary number that no other program uses for an advisory lock on this database.</summary>
    private const long MigrationLock = 0x4D63_7049_6D67;

    private readonly OwnerLocks _owners = new(time);

    /// <inheritdoc/>
    public override string SkipLocked => "FOR UPDATE SKIP LOCKED";

    /// <summary>The migrations run in our transaction and under our lock; EF Core then takes no lock and logs a warning.</summary>
    public static void Expect(WarningsConfigurationBuilder warnings) => warnings.Ignore(RelationalEventId.MigrationsUserTransactionWarning);

    /// <inheritdoc/>
    public override async Task MigrateAsync(JobsDbContext context, CancellationToken cancellationToken)
    {
        // Serializes replicas that start together. It is a transaction lock: behind a pooler such as pgbouncer, a session lock would stay with a
        // connection that another process gets.
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        await context.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock({MigrationLock})", cancellationToken);
        // EF Core's check for this table fails if it is missing, which would abort the transaction.
        await context.Database.ExecuteSqlRawAsync(context.GetService<IHistoryRepository>().GetCreateIfNotExistsScript(), cancellationToken);
        await context.Database.MigrateAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public override ValueTask<IDisposable> EnterWriteAsync(string? owner, CancellationToken cancellationToken) =>
        owner is null ? ValueTask.FromResult<IDisposable>(NoTurn.Instance) : _owners.EnterAsync(owner, cancellationToken);

    /// <inheritdoc/>
    public override Task LockOwnerAsync(JobsDbContext context, string owner, CancellationToken cancellationToken) =>
        context.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock(hashtextextended({owner}, 0))", cancellationToken);

    /// <inheritdoc/>
    public override async Task<string?> WhyReadOnlyAsync(JobsDbContext context, CancellationToken cancellationToken)
    {
        // On in a standby, too.
        var setting = await context.Database
            .SqlQuery<string>($"SELECT current_setting('transaction_read_only') AS \"Value\"").SingleAsync(cancellationToken);
        return setting == "off" ? null : "The database is read-only.";
    }

    /// <inheritdoc/>
    protected override bool IsTransient(DbException exception) => exception switch
    {
        PostgresException { SqlState: var state } => IsTransient(state),
        NpgsqlException => true,
        _ => false,
    };

    /// <summary>
    /// What is not the statement's fault. An image that is paid for must not be lost to an operator's mistake either, so this includes what lasts until
    /// somebody corrects it.
    /// </summary>
    private static bool IsTransient(string state) => state switch
    {
        // A database that was away at the start: some service is making its tables now.
        PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.UndefinedColumn => true,
        // A server that became a standby, or was told to take no writes; rights that were taken away; a database that is being restored.
        PostgresErrorCodes.ReadOnlySqlTransaction or PostgresErrorCodes.InsufficientPrivilege or PostgresErrorCodes.InvalidCatalogName => true,
        // A connection that was closed because it idled in a transaction, or was in one for too long.
        "25P03" or "25P04" => true,
        // Connection lost (08), password or user changed (28), serialization failure or deadlock (40), too many connections, no disk or memory (53),
        // database closed to connections or lock not available (55), shut down, starting or statement cancelled (57), input or output error (58).
        [var first, var second, ..] => (first, second) is ('0', '8') or ('2', '8') or ('4', '0') or ('5', '3') or ('5', '5') or ('5', '7') or ('5', '8'),
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
