using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace McpImageGen.Jobs.Database.Postgres;

public static class PostgresSetup
{
    /// <summary>The name of the connection string, <c>ConnectionStrings__jobs</c>, in Npgsql's form.</summary>
    public const string ConnectionName = "jobs";

    /// <summary>Adds the jobs on the Postgres database that <c>ConnectionStrings__jobs</c> names.</summary>
    public static void AddPostgresJobs(this IHostApplicationBuilder builder)
    {
        var connection = builder.Configuration.RequiredConnection(
            ConnectionName, "Host=localhost;Username=jobs;Password=…;Database=jobs", text => _ = new NpgsqlConnectionStringBuilder(text));
        builder.AddJobs<PostgresDatabase>((_, options) => options.UseNpgsql(connection));
        builder.EnrichNpgsqlDbContext<JobsDbContext>(settings =>
        {
            // One layer retries, the row; and EF Core's retries would refuse the transactions that the lifecycle starts itself.
            settings.DisableRetry = true;
            // The check "database" also sees whether the tables are there.
            settings.DisableHealthChecks = true;
            settings.DisableTracing |= !builder.Configuration.HasCollector();
            settings.DisableMetrics |= !builder.Configuration.HasCollector();
        });
        builder.Services.AddHostedService<SchemaAtStart>();
    }
}
