using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace McpImageGen.Jobs.Database.Postgres;

public static class PostgresSetup
{
    /// <summary>The name of the connection string, <c>ConnectionStrings__jobs</c>, in Npgsql's form.</summary>
    public const string ConnectionName = "jobs";

    /// <summary>Adds the jobs on the Postgres database that <c>ConnectionStrings__jobs</c> names.</summary>
    public static void AddPostgresJobs(this IHostApplicationBuilder builder)
    {
        var connection = builder.Configuration.RequiredConnection(ConnectionName, "Host=localhost;Username=jobs;Password=…;Database=jobs");
        builder.AddJobs<PostgresDatabase>((_, options) => options.UseNpgsql(
            connection,
            // What loops ask by themselves, every second, belongs to no call: each would be a trace of its own.
            npgsql => npgsql.ConfigureDataSource(source => source.ConfigureTracing(
                tracing => tracing.ConfigureCommandFilter(_ => Activity.Current is not null)))));
        builder.Services.AddHostedService<SchemaAtStart>();
    }
}
