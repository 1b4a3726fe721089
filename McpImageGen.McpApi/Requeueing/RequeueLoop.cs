using McpImageGen.Contracts;
using McpImageGen.Jobs;
using McpImageGen.Jobs.Lifecycle;
using McpImageGen.Jobs.Signals;
using Microsoft.Extensions.Options;

namespace McpImageGen.McpApi.Requeueing;

/// <summary>Sends what is due and takes over what dead workers left, for as long as the process lives.</summary>
internal sealed partial class RequeueLoop(
    JobRequeue requeue, JobSends sends, IJobSignals signals, JobMetrics metrics, IOptions<JobsOptions> options, TimeProvider time,
    ILogger<RequeueLoop> logger)
    : BackgroundService
{
    /// <summary>
    /// How long the database must have answered before a silent worker is believed to be dead: while the database or this process
    /// was away, workers that are alive could not be seen.
    /// </summary>
    private static readonly TimeSpan Trust = JobRequeue.WorkerSilence;

    private static readonly TimeSpan LongestGap = TimeSpan.FromSeconds(5);

    private DateTimeOffset _answeringSince;
    private DateTimeOffset _lastAnswer;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.RequeueEvery, time);
        do
        {
            try
            {
                await SendDueAsync(stoppingToken);
                await TakeOverAsync(stoppingToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
            {
                Log.Failed(logger, exception.GetBaseException().Message);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task SendDueAsync(CancellationToken cancellationToken)
    {
        while (await requeue.TakeDueAsync(cancellationToken) is { Count: > 0 } commands)
        {
            if (!await sends.SendAsync(commands))
                return;
        }
    }

    private async Task TakeOverAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (now - _lastAnswer > options.Value.RequeueEvery + LongestGap)
            _answeringSince = now;
        _lastAnswer = now;
        if (now - _answeringSince < Trust)
            return;

        foreach (var jobId in await requeue.TakeOverOrphansAsync(cancellationToken))
        {
            Log.WorkersLost(logger, jobId);
            metrics.WorkersLost();
            await signals.PublishAsync(new JobFinished(jobId), cancellationToken);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Looking for jobs that are due failed; trying again: {Reason}")]
        public static partial void Failed(ILogger logger, string reason);

        [LoggerMessage(LogLevel.Error, "Job {JobId} failed: the workers that took it died each time")]
        public static partial void WorkersLost(ILogger logger, Guid jobId);
    }
}
