using McpImageGen.Tests.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace McpImageGen.Tests.Lifecycle;

public sealed class SqliteMigrationTests
{
    [Fact]
    public async Task Migration_lock_of_a_killed_process_does_not_block_the_next_migration()
    {
        await using var jobs = await JobsOnSqlite.CreateAsync();
        await using (var context = await jobs.ContextAsync())
        {
            // What a process that is killed while it migrates leaves behind.
            await context.Database.ExecuteSqlRawAsync("""
                CREATE TABLE IF NOT EXISTS "__EFMigrationsLock" ("Id" INTEGER NOT NULL CONSTRAINT "PK___EFMigrationsLock" PRIMARY KEY, "Timestamp" TEXT NOT NULL);
                INSERT OR REPLACE INTO "__EFMigrationsLock" ("Id", "Timestamp") VALUES (1, '2026-11-22 15:00:00+00:00');
                """, TestContext.Current.CancellationToken);
        }

        await jobs.MigrateAsync();

        Assert.Single(await jobs.SubmitAsync());
    }

    /// <summary>SQLite drops columns by rebuilding the table from the migration's model, which the older migrations no longer have.</summary>
    [Fact]
    public async Task Every_migration_can_be_undone_one_by_one_and_applied_again()
    {
        await using var jobs = await JobsOnSqlite.CreateAsync();
        await using (var context = await jobs.ContextAsync())
        {
            var migrator = context.GetService<IMigrator>();
            foreach (var migration in context.Database.GetMigrations().Reverse().Skip(1))
                await migrator.MigrateAsync(migration, TestContext.Current.CancellationToken);
            await migrator.MigrateAsync(Migration.InitialDatabase, TestContext.Current.CancellationToken);
        }

        await jobs.MigrateAsync();

        Assert.Single(await jobs.SubmitAsync());
    }
}
