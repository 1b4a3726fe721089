using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Npgsql;

namespace McpImageGen.Jobs.Database.Postgres;

/// <summary>
/// Contexts on Postgres, each with a connection when it needs one: there are never more contexts at once than the pool has connections.
/// Who asks for one more waits here, since the pool would give up after the time that an attempt to connect may take.
/// </summary>
internal sealed class PostgresContexts(
    DbContextOptions<JobsDbContext> options, NpgsqlConnectionStringBuilder connection, TimeProvider time) : IDbContextFactory<JobsDbContext>
{
    private readonly PooledDbContextFactory<JobsDbContext> _contexts = new(options);
    private readonly TurnQueue _turns = new(connection.MaxPoolSize, time);

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

    /// <summary>For the few that can't await: they wait in the pool.</summary>
    public JobsDbContext CreateDbContext() => _contexts.CreateDbContext();
}
