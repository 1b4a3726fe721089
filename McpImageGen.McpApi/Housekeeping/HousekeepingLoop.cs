using McpImageGen.Jobs.Lifecycle;

namespace McpImageGen.McpApi.Housekeeping;

/// <summary>Periodically removes old jobs, old idempotency keys, expired sign-ins and images that no job refers to.</summary>
internal sealed partial class HousekeepingLoop(JobRetention retention, ImageSweep sweep, TimeProvider time, ILogger<HousekeepingLoop> logger)
    : BackgroundService
{
    /// <summary>The maximum pause between two runs; half of it on average. The pause is random, so that replicas run at different times.</summary>
    public static readonly TimeSpan LongestPause = TimeSpan.FromHours(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            await Task.Delay(LongestPause * Random.Shared.NextDouble(), time, stoppingToken);
            try
            {
                await retention.ForgetKeysAsync(stoppingToken);
                await retention.ForgetSignInsAsync(stoppingToken);
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
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Removed {Jobs} old job(s) and {Images} image(s) without a job")]
        public static partial void Removed(ILogger logger, int jobs, int images);

        [LoggerMessage(LogLevel.Warning, "Housekeeping failed; retrying within two hours: {Reason}")]
        public static partial void Failed(ILogger logger, string reason);
    }
}
