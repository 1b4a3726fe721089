using McpImageGen.Jobs.Database.Postgres;
using McpImageGen.Tests.Containers;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace McpImageGen.Tests.Testing;

/// <summary>The jobs on a Postgres database of their own, whose clock is a row that the test moves.</summary>
public sealed class JobsOnPostgres : JobsOnDatabase
{
    private JobsOnPostgres(string connection)
        : base(builder =>
        {
            builder.Configuration[$"ConnectionStrings:{PostgresSetup.ConnectionName}"] = connection;
            builder.AddPostgresJobs();
        })
    {
    }

    public static async Task<JobsOnDatabase> CreateAsync(Servers servers, string databaseOptions = "")
    {
        var jobs = new JobsOnPostgres(await servers.Postgres.NewDatabaseAsync(databaseOptions));
        await jobs.MigrateAsync();
        await using var context = await jobs.ContextAsync();
        await context.Database.ExecuteSqlRawAsync("""
            CREATE TABLE test_clock (now bigint);
            INSERT INTO test_clock VALUES (0);
            CREATE OR REPLACE FUNCTION now_ms() RETURNS bigint LANGUAGE sql STABLE AS 'SELECT now FROM test_clock';
            """, Cancel);
        await jobs.AdvanceAsync(TimeSpan.Zero);
        return jobs;
    }

    /// <summary>Its connections are needed by others: a server has a hundred.</summary>
    public override async ValueTask DisposeAsync()
    {
        await using (var context = await ContextAsync())
            NpgsqlConnection.ClearPool((NpgsqlConnection)context.Database.GetDbConnection());
        await base.DisposeAsync();
    }

    public override async Task AdvanceAsync(TimeSpan time)
    {
        await base.AdvanceAsync(time);
        await using var context = await ContextAsync();
        await context.Database.ExecuteSqlAsync($"UPDATE test_clock SET now = {Time.GetUtcNow().ToUnixTimeMilliseconds()}", Cancel);
    }
}
