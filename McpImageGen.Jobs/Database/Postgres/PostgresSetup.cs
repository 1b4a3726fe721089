using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace McpImageGen.Jobs.Database.Postgres;

public static class PostgresSetup
{
    /// <summary>The name of the connection string, <c>ConnectionStrings__jobs</c>, in Npgsql's format.</summary>
    public const string ConnectionName = "jobs";

    /// <summary>Adds the jobs on the Postgres database given by <c>ConnectionStrings__jobs</c>.</summary>
    public static void AddPostgresJobs(this IHostApplicationBuilder builder)
    {
        var connection = builder.Configuration.RequiredConnection(
            ConnectionName, "Host=localhost;Username=jobs;Password=…;Database=jobs", text => _ = new NpgsqlConnectionStringBuilder(text));
        builder.AddJobs<PostgresDatabase>((_, options) => options.UseNpgsql(connection));
        builder.EnrichNpgsqlDbContext<JobsDbContext>(settings =>
        {
            // Retries happen in one layer only, and EF Core's retries do not support the transactions that the lifecycle starts itself.
            settings.DisableRetry = true;
            // The check "database" also checks that the tables exist.
            settings.DisableHealthChecks = true;
            settings.DisableTracing |= !builder.Configuration.HasCollector();
            settings.DisableMetrics |= !builder.Configuration.HasCollector();
        });
        builder.Services.AddHostedService<SchemaAtStart>();
    }
}
