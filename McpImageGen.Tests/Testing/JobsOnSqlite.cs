using McpImageGen.Standalone.Embedded;
using Microsoft.Data.Sqlite;

namespace McpImageGen.Tests.Testing;

/// <summary>The jobs on a SQLite file of their own.</summary>
public sealed class JobsOnSqlite : JobsOnDatabase
{
    private readonly TemporaryFolder _folder;

    private JobsOnSqlite(TemporaryFolder folder)
        : base(builder => builder.AddSqliteJobs(Path.Combine(folder.Path, "jobs.db"))) => _folder = folder;

    public static async Task<JobsOnDatabase> CreateAsync()
    {
        var jobs = new JobsOnSqlite(new TemporaryFolder());
        await jobs.MigrateAsync();
        return jobs;
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        SqliteConnection.ClearAllPools();
        _folder.Dispose();
    }
}
