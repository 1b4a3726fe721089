using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace McpImageGen.Jobs.Database.Postgres;

/// <summary>
/// Migrates the database schema before the rest of the service starts. If the database is unavailable, the service starts anyway, so that
/// its health can be queried, and the schema is migrated as soon as the database is available.
/// </summary>
internal sealed partial class SchemaMigrator(
    IDbContextFactory<JobsDbContext> contexts, JobsDatabase database, TimeProvider time, ILogger<SchemaMigrator> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            await MigrateAsync(cancellationToken);
        }
        catch (Exception exception) when (database.IsUnavailable(exception))
        {
            Log.Waiting(logger, exception.GetBaseException().Message);
            await base.StartAsync(cancellationToken);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var isCurrent = false;
        while (!isCurrent)
        {
            await Task.Delay(Pause, time, stoppingToken);
            try
            {
                await MigrateAsync(stoppingToken);
                isCurrent = true;
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                Log.Waiting(logger, exception.GetBaseException().Message);
            }
        }
    }

    private async Task MigrateAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await database.MigrateAsync(context, cancellationToken);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Cannot connect to the database (ConnectionStrings__jobs); retrying: {Reason}")]
        public static partial void Waiting(ILogger logger, string reason);
    }
}
