using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace McpImageGen.Jobs.Database.Postgres;

public static class PostgresSetup
{
    /// <summary>The name of the connection string, <c>ConnectionStrings__jobs</c>, in Npgsql's form or a <c>postgres://</c> address.</summary>
    public const string ConnectionName = "jobs";

    /// <summary>
    /// The connections that a process has at most, unless the connection string says <c>Maximum Pool Size</c>. Postgres has 100, 3 of them for
    /// its administrator: enough for 9 processes, and for 2 APIs and 3 workers with something to spare while others take their place.
    /// </summary>
    internal const int MostConnections = 10;

    /// <summary>Adds the jobs on the Postgres database that <c>ConnectionStrings__jobs</c> names.</summary>
    public static void AddPostgresJobs(this IHostApplicationBuilder builder)
    {
        var connection = builder.Configuration.RequiredConnection(
            ConnectionName, "Host=localhost;Username=jobs;Password=…;Database=jobs", ReadSized);
        builder.Services.AddSingleton(connection);
        builder.Services.AddSingleton<IDbContextFactory<JobsDbContext>, PostgresContexts>();
        builder.AddJobs<PostgresDatabase>((_, options) => options.UseNpgsql(connection.ConnectionString).ConfigureWarnings(PostgresDatabase.Expect));
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

    internal static NpgsqlConnectionStringBuilder ReadSized(string text)
    {
        var connection = PostgresAddress.Read(text);
        if (!connection.ShouldSerialize("Maximum Pool Size"))
            connection.MaxPoolSize = MostConnections;
        return connection.MaxPoolSize > 0 ? connection : throw new FormatException("its Maximum Pool Size is invalid");
    }
}
