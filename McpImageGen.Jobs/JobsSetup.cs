using McpImageGen.Jobs.Bus;
using McpImageGen.Jobs.Claiming;
using McpImageGen.Jobs.Cleanup;
using McpImageGen.Jobs.Database;
using McpImageGen.Jobs.Images;
using McpImageGen.Jobs.Queries;
using McpImageGen.Jobs.Scheduling;
using McpImageGen.Jobs.Submission;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace McpImageGen.Jobs;

public static class JobsSetup
{
    /// <summary>Adds the jobs on one database. The image store, the signals and the bus must be added separately.</summary>
    public static void AddJobs<TDatabase>(
        this IHostApplicationBuilder builder, Action<IServiceProvider, DbContextOptionsBuilder> useDatabase)
        where TDatabase : JobsDatabase
    {
        builder.Services.AddOptions<JobsOptions>()
            .BindConfiguration(JobsOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        // EF Core logs every failed statement as an error with a stack trace; the callers log failures themselves.
        builder.Logging.AddFilter("Microsoft.EntityFrameworkCore", LogLevel.Critical);
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<JobsDatabase, TDatabase>();
        builder.Services.AddPooledDbContextFactory<JobsDbContext>((services, options) =>
        {
            useDatabase(services, options);
            options.UseSnakeCaseNamingConvention();
        });
        builder.Services.AddSingleton<WriteExecutor>();
        builder.Services.AddSingleton<JobDispatcher>();
        builder.Services.AddSingleton<JobSubmission>();
        builder.Services.AddSingleton<JobClaims>();
        builder.Services.AddSingleton<JobCancellation>();
        builder.Services.AddSingleton<JobRemoval>();
        builder.Services.AddSingleton<JobRequeue>();
        builder.Services.AddSingleton<JobReclaim>();
        builder.Services.AddSingleton<WorkerMonitor>();
        builder.Services.AddSingleton<JobQueries>();
        builder.Services.AddSingleton<JobStatistics>();
        builder.Services.AddSingleton<ModelAvailability>();
        builder.Services.AddSingleton<JobRetention>();
        builder.Services.AddSingleton<StoreWriteStatus>();
        builder.Services.AddSingleton<StoreOwnership>();
        builder.Services.AddSingleton<ImageSweep>();
        builder.Services.AddSingleton<ImageScaler>();
        builder.Services.AddSingleton<WorkerRegistry>();
        builder.Services.AddMetrics();
        builder.Services.AddSingleton<JobMetrics>();
        builder.Services.AddSingleton<GenerationBus>();
        builder.Services.AddHealthChecks().AddCheck<DatabaseHealth>("database").AddCheck<ImageStoreHealth>("images");
    }
}
