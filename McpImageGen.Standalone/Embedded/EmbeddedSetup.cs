using MassTransit;
using McpImageGen.Jobs;
using McpImageGen.Jobs.Images;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace McpImageGen.Standalone.Embedded;

internal static class EmbeddedSetup
{
    /// <summary>Adds the jobs on a SQLite file.</summary>
    public static void AddSqliteJobs(this IHostApplicationBuilder builder, string file)
    {
        var connection = new SqliteConnectionStringBuilder { DataSource = file }.ConnectionString;
        builder.Services.AddSingleton<SqliteConnectionSetup>();
        builder.AddJobs<SqliteDatabase>((services, options) => options
            .UseSqlite(connection, sqlite => sqlite.MigrationsAssembly(typeof(EmbeddedSetup).Assembly))
            .AddInterceptors(services.GetRequiredService<SqliteConnectionSetup>()));
    }

    /// <summary>Adds an image store in a folder.</summary>
    public static void AddImageFiles(this IHostApplicationBuilder builder, string folder)
    {
        var images = new ImageFiles(folder);
        builder.Services.AddSingleton<IImageStore>(images);
        builder.Services.AddSingleton<IStoreMarkers>(images);
        builder.Services.AddSingleton<IImageTrash>(images);
    }

    /// <summary>Adds an in-memory bus. Its messages are lost when the process ends; the jobs' rows are not.</summary>
    public static void AddInMemoryBus(this IHostApplicationBuilder builder, Action<IBusRegistrationConfigurator> addConsumers) =>
        builder.Services.AddMassTransit(bus =>
        {
            bus.DisableUsageTelemetry();
            bus.ConfigureHealthCheckOptions(check => check.Name = "broker");
            addConsumers(bus);
            bus.UsingInMemory((context, configurator) => configurator.ConfigureEndpoints(context));
        });
}
