using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace McpImageGen.Jobs.Database.Postgres;

/// <summary>Provides the Postgres model to <c>dotnet ef migrations add</c> without a server.</summary>
internal sealed class PostgresDesign : IDesignTimeDbContextFactory<JobsDbContext>
{
    public JobsDbContext CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<JobsDbContext>().UseNpgsql().UseSnakeCaseNamingConvention().Options);
}
