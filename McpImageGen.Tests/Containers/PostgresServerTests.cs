using McpImageGen.Tests.Testing;
using Npgsql;

namespace McpImageGen.Tests.Containers;

[Collection<Outages>]
[Slow]
public sealed class PostgresServerTests(Servers servers)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task New_database_is_empty()
    {
        await ExecuteAsync(await servers.Postgres.NewDatabaseAsync(), "CREATE TABLE jobs (id int)");
        var another = await servers.Postgres.NewDatabaseAsync();
        Assert.Equal(0L, await ExecuteAsync(another, "SELECT count(*) FROM pg_tables WHERE tablename = 'jobs'"));
    }

    [Fact]
    public async Task Committed_rows_are_kept_after_Postgres_is_killed()
    {
        var database = await servers.Postgres.NewDatabaseAsync();
        await ExecuteAsync(database, "CREATE TABLE jobs (id int)");
        await ExecuteAsync(database, "INSERT INTO jobs VALUES (42)");
        await servers.Postgres.KillAsync();
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => ExecuteAsync(database, "SELECT id FROM jobs"));
        await servers.Postgres.StartAsync();
        Assert.Equal(42, await ExecuteAsync(database, "SELECT id FROM jobs"));
    }

    private static async Task<object?> ExecuteAsync(string database, string statement)
    {
        await using var connection = new NpgsqlConnection($"{database};Pooling=false");
        await connection.OpenAsync(Cancel);
        await using var command = new NpgsqlCommand(statement, connection);
        return await command.ExecuteScalarAsync(Cancel);
    }
}
