using McpImageGen.GenerationWorker.WorkersAi;
using McpImageGen.Jobs.Lifecycle;
using Microsoft.Extensions.Options;

namespace McpImageGen.GenerationWorker.Generation;

/// <summary>Says every 2 s that this worker is alive, so that nobody takes its jobs. It claims none before it has said so once.</summary>
internal sealed partial class SayAlive(
    WorkersAlive workers, ThisWorker worker, IOptions<WorkersAiOptions> workersAi, TimeProvider time, ILogger<SayAlive> logger)
    : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        do
        {
            try
            {
                await SayAsync(stoppingToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                Log.NotSaid(logger, exception.GetBaseException().Message);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    // The bus was added later, so it stops earlier: by now no consumer is at work any more.
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

    private async Task SayAsync(CancellationToken cancellationToken)
    {
        await workers.SayAsync(worker.Id, worker.Concurrency, workersAi.Value.ImageSource, cancellationToken);
        worker.BecomeKnown(await workers.CountAsync(cancellationToken));
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Could not say that this worker has stopped; its silence will: {Reason}")]
        public static partial void NotLeft(ILogger logger, string reason);

        [LoggerMessage(LogLevel.Warning, "Could not say that this worker is alive: {Reason}")]
        public static partial void NotSaid(ILogger logger, string reason);
    }
}
