using System.Diagnostics;
using McpImageGen.Jobs.Cleanup;

namespace McpImageGen.McpApi.Background;

/// <summary>Periodically removes old jobs, old idempotency keys, expired sign-ins and images that no job refers to.</summary>
internal sealed partial class HousekeepingScheduler(
    JobRetention retention,
    StoreOwnership ownership,
    ImageSweep sweep,
    IHostApplicationLifetime lifetime,
    TimeProvider time,
    ILogger<HousekeepingScheduler> logger)
    : BackgroundService
{
    /// <summary>The maximum pause between two runs; half of it on average. The pause is random, so that replicas run at different times.</summary>
    public static readonly TimeSpan MaxPause = TimeSpan.FromHours(2);

    /// <summary>
    /// How often the image store is confirmed to be this database's: an older version of the database that is used later is noticed if it is from
    /// before the last time.
    /// </summary>
    public static readonly TimeSpan BetweenConfirmations = TimeSpan.FromMinutes(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Not recorded, and therefore neither are its requests to the image store: they belong to no call.
        using var activity = new Activity("housekeeping").Start();
        // A process that cannot start leaves no marker.
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = lifetime.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(stoppingToken);
        while (true)
        {
            for (var left = MaxPause * Random.Shared.NextDouble(); left > TimeSpan.Zero; left -= BetweenConfirmations)
            {
                await ConfirmAsync(stoppingToken);
                await Task.Delay(left < BetweenConfirmations ? left : BetweenConfirmations, time, stoppingToken);
            }

            await RemoveAsync(stoppingToken);
        }
    }

    private async Task ConfirmAsync(CancellationToken stoppingToken)
    {
        try
        {
            await sweep.RestoreAsync(stoppingToken);
            await ownership.ConfirmAsync(stoppingToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
        {
            Log.NotConfirmed(logger, exception.GetBaseException().Message);
        }
    }

    private async Task RemoveAsync(CancellationToken stoppingToken)
    {
        try
        {
            await retention.DeleteExpiredKeysAsync(stoppingToken);
            await retention.DeleteExpiredSignInsAsync(stoppingToken);
            var jobs = await retention.RemoveOldAsync(stoppingToken);
            var images = await sweep.SweepAsync(stoppingToken);
            if (jobs + images > 0)
                Log.Removed(logger, jobs, images);
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
        {
            Log.Failed(logger, exception.GetBaseException().Message);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Removed {Jobs} old job(s); moved {Images} image(s) without a job to the trash")]
        public static partial void Removed(ILogger logger, int jobs, int images);

        [LoggerMessage(LogLevel.Debug, "Could not check that the image store belongs to this database; checking again within five minutes: {Reason}")]
        public static partial void NotConfirmed(ILogger logger, string reason);

        [LoggerMessage(LogLevel.Warning, "Housekeeping failed; retrying within two hours: {Reason}")]
        public static partial void Failed(ILogger logger, string reason);
    }
}
