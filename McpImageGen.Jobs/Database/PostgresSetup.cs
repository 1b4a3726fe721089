using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace McpImageGen.Jobs.Database;

public static class PostgresSetup
{
    /// <summary>The name of the connection string, <c>ConnectionStrings__jobs</c>.</summary>
    public const string ConnectionName = "jobs";

    /// <summary>Adds the jobs on the Postgres database that <c>ConnectionStrings__jobs</c> names.</summary>
    public static void AddPostgresJobs(this IHostApplicationBuilder builder)
    {
        var connection = builder.Configuration.GetConnectionString(ConnectionName);
        builder.AddJobs<PostgresDatabase>((_, options) => options.UseNpgsql(connection));
    }
}
