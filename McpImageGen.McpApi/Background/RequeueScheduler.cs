using System.Threading.Channels;
using McpImageGen.Contracts;
using McpImageGen.Jobs;
using McpImageGen.Jobs.Scheduling;
using McpImageGen.Jobs.Signals;
using Microsoft.Extensions.Options;

namespace McpImageGen.McpApi.Background;

/// <summary>
/// Periodically requeues due jobs and reclaims the jobs of dead workers. When jobs finish, it does not wait for its next tick, because
/// workers are then free for other jobs of the same owners.
/// </summary>
internal sealed partial class RequeueScheduler(
    JobRequeue requeue, JobReclaim reclaim, JobDispatcher dispatcher, IJobSignals signals, JobMetrics metrics, IOptions<JobsOptions> options, TimeProvider time,
    ILogger<RequeueScheduler> logger)
    : BackgroundService
{
    /// <summary>Jobs that finish within this time trigger only one check for waiting jobs.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly Channel<bool> _finished = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(OnTicksAsync(stoppingToken), OnFinishedJobsAsync(stoppingToken));

    private async Task OnTicksAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.RequeueEvery, time);
        do
        {
            await TryAsync(
                async cancel =>
                {
                    await SendLostAsync(cancel);
                    await SendWaitingAsync(cancel);
                    await ReclaimAsync(cancel);
                },
                stoppingToken);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task OnFinishedJobsAsync(CancellationToken stoppingToken)
    {
        await using var subscription = await signals.SubscribeAsync(_ => WakeUp(), WakeUp, stoppingToken);
        await foreach (var _ in _finished.Reader.ReadAllAsync(stoppingToken))
        {
            await TryAsync(SendWaitingAsync, stoppingToken);
            await Task.Delay(Pause, time, stoppingToken);
        }
    }

    private void WakeUp() => _finished.Writer.TryWrite(true);

    private async Task TryAsync(Func<CancellationToken, Task> work, CancellationToken stoppingToken)
    {
        try
        {
            await work(stoppingToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
        {
            Log.Failed(logger, exception.GetBaseException().Message);
        }
    }

    private async Task SendLostAsync(CancellationToken cancellationToken)
    {
        while (await requeue.TakeLostAsync(cancellationToken) is { Count: > 0 } commands)
        {
            if (!await dispatcher.SendAsync(commands))
                return;
        }
    }

    private async Task SendWaitingAsync(CancellationToken cancellationToken)
    {
        foreach (var owner in await requeue.OwnersWithRoomAsync(cancellationToken))
        {
            while (await requeue.TakeNextAsync(owner, cancellationToken) is { Count: > 0 } commands)
            {
                if (!await dispatcher.SendAsync(commands))
                    return;
                if (commands.Count < JobRequeue.Batch)
                    break;
            }
        }
    }

    private async Task ReclaimAsync(CancellationToken cancellationToken)
    {
        var (corrected, reclaimed) = await reclaim.ReclaimLostAsync(cancellationToken);
        if (corrected > 0)
            Log.ClockSetBack(logger, corrected);
        foreach (var job in reclaimed)
        {
            metrics.Reclaimed(job);
            Log.Reclaimed(logger, job.Id, job.WorkerId, job.Reason, DateTimeOffset.FromUnixTimeMilliseconds(job.LeaseUntil ?? 0));
            if (!job.Failed)
                continue;
            Log.WorkersLost(logger, job.Id);
            await signals.PublishAsync(new JobFinished(job.Id), cancellationToken);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Could not look for due jobs; retrying: {Reason}")]
        public static partial void Failed(ILogger logger, string reason);

        [LoggerMessage(LogLevel.Warning, "Job {JobId} was reclaimed from worker {WorkerId} ({Reason}); its lease ran until {LeaseUntil:HH:mm:ss} UTC")]
        public static partial void Reclaimed(ILogger logger, Guid jobId, Guid? workerId, string reason, DateTimeOffset leaseUntil);

        [LoggerMessage(LogLevel.Warning, "The database's clock was set back; the times of {Count} unfinished job(s) were corrected")]
        public static partial void ClockSetBack(ILogger logger, int count);

        [LoggerMessage(LogLevel.Error, "Job {JobId} failed: each worker that claimed it died")]
        public static partial void WorkersLost(ILogger logger, Guid jobId);
    }
}
