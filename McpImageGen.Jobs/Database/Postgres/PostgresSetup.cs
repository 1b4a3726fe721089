using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace McpImageGen.Jobs.Database.Postgres;

public static class PostgresSetup
{
    /// <summary>The name of the connection string, <c>ConnectionStrings__jobs</c>, in Npgsql's format or a <c>postgres://</c> URI.</summary>
    public const string ConnectionName = "jobs";

    /// <summary>
    /// The maximum number of connections of a process, unless the connection string sets <c>Maximum Pool Size</c>. Postgres accepts 100 by default, 3 of
    /// them for superusers: enough for 9 processes, for example 2 APIs and 3 workers during a rolling update.
    /// </summary>
    internal const int MaxConnections = 10;

    /// <summary>Adds the jobs on the Postgres database given by <c>ConnectionStrings__jobs</c>.</summary>
    public static void AddPostgresJobs(this IHostApplicationBuilder builder)
    {
        var connection = builder.Configuration.RequiredConnection(
            ConnectionName, "Host=localhost;Username=jobs;Password=…;Database=jobs", ReadSized);
        builder.Services.AddSingleton(connection);
        builder.Services.AddSingleton<IDbContextFactory<JobsDbContext>, PostgresContexts>();
        builder.AddJobs<PostgresDatabase>((_, options) => options.UseNpgsql(connection.ConnectionString).ConfigureWarnings(PostgresDatabase.Expect));
        builder.EnrichNpgsqlDbContext<JobsDbContext>(settings =>
        {
            // Retries happen in one layer only, and EF Core's retries do not support the transactions that the lifecycle starts itself.
            settings.DisableRetry = true;
            // The check "database" also checks that the tables exist.
            settings.DisableHealthChecks = true;
            settings.DisableTracing |= !builder.Configuration.HasCollector();
            settings.DisableMetrics |= !builder.Configuration.HasCollector();
        });
        builder.Services.AddHostedService<SchemaMigrator>();
    }

    internal static NpgsqlConnectionStringBuilder ReadSized(string text)
    {
        var connection = PostgresAddress.Read(text);
        if (!connection.ShouldSerialize("Maximum Pool Size"))
            connection.MaxPoolSize = MaxConnections;
        return connection.MaxPoolSize > 0 ? connection : throw new FormatException("its Maximum Pool Size is invalid");
    }
}
