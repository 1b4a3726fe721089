using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace McpImageGen.Jobs.Database.Postgres;

/// <summary>Waits for the database at the start and makes its schema current, before anything else of the service starts.</summary>
internal sealed partial class SchemaAtStart(
    IDbContextFactory<JobsDbContext> contexts, JobsDatabase database, TimeProvider time, ILogger<SchemaAtStart> logger) : IHostedService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        while (!await TryAsync(cancellationToken))
            await Task.Delay(Pause, time, cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task<bool> TryAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var context = await contexts.CreateDbContextAsync(cancellationToken);
            await database.MigrateAsync(context, cancellationToken);
            return true;
        }
        catch (Exception exception) when (database.IsAway(exception))
        {
            Log.Waiting(logger, exception.GetBaseException().Message);
            return false;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Waiting for the database (ConnectionStrings__jobs): {Reason}")]
        public static partial void Waiting(ILogger logger, string reason);
    }
}
