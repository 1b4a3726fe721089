using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Npgsql;

namespace McpImageGen.Jobs.Database.Postgres;

/// <summary>
/// Creates contexts on Postgres, at most as many at a time as the pool has connections. Further callers wait here, because the pool itself would give up
/// after the timeout of a connection attempt.
/// </summary>
internal sealed class PostgresContexts(
    DbContextOptions<JobsDbContext> options, NpgsqlConnectionStringBuilder connection, TimeProvider time) : IDbContextFactory<JobsDbContext>
{
    private readonly PooledDbContextFactory<JobsDbContext> _contexts = new(options);
    private readonly ConnectionLimiter _turns = new(connection.MaxPoolSize, time);

    public async Task<JobsDbContext> CreateDbContextAsync(CancellationToken cancellationToken = default)
    {
        var turn = await _turns.EnterAsync(cancellationToken);
        try
        {
            var context = await _contexts.CreateDbContextAsync(cancellationToken);
            context.Turn = turn;
            return context;
        }
        catch
        {
            turn.Dispose();
            throw;
        }
    }

    /// <summary>For the few callers that cannot await: they wait in the pool.</summary>
    public JobsDbContext CreateDbContext() => _contexts.CreateDbContext();
}
