using McpImageGen.Jobs.Database;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace McpImageGen.Standalone.Embedded;

/// <summary>Provides the SQLite model to <c>dotnet ef migrations add</c> without starting the server.</summary>
internal sealed class JobsDbContextFactory : IDesignTimeDbContextFactory<JobsDbContext>
{
    public JobsDbContext CreateDbContext(string[] args) => new(new DbContextOptionsBuilder<JobsDbContext>()
        .UseSqlite("Data Source=:memory:", sqlite => sqlite.MigrationsAssembly(typeof(JobsDbContextFactory).Assembly))
        .UseSnakeCaseNamingConvention()
        .Options);
}
