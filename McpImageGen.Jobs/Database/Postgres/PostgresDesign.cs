using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace McpImageGen.Jobs.Database.Postgres;

/// <summary>Lets <c>dotnet ef migrations add</c> see the model as Postgres has it, without a server.</summary>
internal sealed class PostgresDesign : IDesignTimeDbContextFactory<JobsDbContext>
{
    public JobsDbContext CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<JobsDbContext>().UseNpgsql().UseSnakeCaseNamingConvention().Options);
}
