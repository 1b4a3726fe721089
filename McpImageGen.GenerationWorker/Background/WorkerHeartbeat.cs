using McpImageGen.GenerationWorker.WorkersAi;
using McpImageGen.Jobs.Scheduling;
using Microsoft.Extensions.Options;

namespace McpImageGen.GenerationWorker.Background;

/// <summary>
/// Sends a heartbeat every 2 s, so that other processes do not reclaim this worker's jobs. The worker claims no job before its first heartbeat.
/// </summary>
internal sealed partial class WorkerHeartbeat(
    WorkerRegistry workers, WorkerContext worker, IOptions<WorkersAiOptions> workersAi, TimeProvider time, ILogger<WorkerHeartbeat> logger)
    : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (workersAi.Value.SendsTokensUnencrypted)
            Log.TokensUnencrypted(logger);
        using var timer = new PeriodicTimer(Interval, time);
        do
        {
            try
            {
                await RecordHeartbeatAsync(stoppingToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                Log.NotSaid(logger, exception.GetBaseException().Message);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    // The bus was registered later, so it stops earlier: no consumer is running at this point.
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        try
        {
            await workers.LeaveAsync(worker.Id, cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            Log.NotLeft(logger, exception.GetBaseException().Message);
        }
    }

    private async Task RecordHeartbeatAsync(CancellationToken cancellationToken)
    {
        await workers.RecordHeartbeatAsync(worker.Id, worker.Concurrency, workersAi.Value.ImageSource, cancellationToken);
        worker.MarkRegistered(await workers.CountAsync(cancellationToken));
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "WorkersAi__BaseUrl starts with http:// and is not on this machine: prompts, images and WorkersAi__ApiToken are sent unencrypted")]
        public static partial void TokensUnencrypted(ILogger logger);

        [LoggerMessage(LogLevel.Warning, "Could not record that this worker has stopped; its missing heartbeats will show it: {Reason}")]
        public static partial void NotLeft(ILogger logger, string reason);

        [LoggerMessage(LogLevel.Warning, "Could not record the heartbeat of this worker: {Reason}")]
        public static partial void NotSaid(ILogger logger, string reason);
    }
}
