using McpImageGen.Jobs.Database;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace McpImageGen.Standalone.Embedded;

/// <summary>Lets <c>dotnet ef migrations add</c> see the model as SQLite has it, without starting the server.</summary>
internal sealed class JobsDbContextFactory : IDesignTimeDbContextFactory<JobsDbContext>
{
    public JobsDbContext CreateDbContext(string[] args) => new(new DbContextOptionsBuilder<JobsDbContext>()
        .UseSqlite("Data Source=:memory:", sqlite => sqlite.MigrationsAssembly(typeof(JobsDbContextFactory).Assembly))
        .UseSnakeCaseNamingConvention()
        .Options);
}
