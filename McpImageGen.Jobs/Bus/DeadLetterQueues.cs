using System.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace McpImageGen.Jobs.Bus;

/// <summary>
/// Counts the messages in the dead-letter queues. Each of them could not be processed; its job, if any, is not lost, because it is stored
/// in the database. A hosted service, because the gauge must exist before the first measurement.
/// </summary>
internal sealed partial class DeadLetterQueues(
    BrokerConnection broker, IMeterFactory meters, TimeProvider time, ILogger<DeadLetterQueues> logger) : IHostedService, IDisposable
{
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan KeptFor = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _oneAtATime = new(1, 1);
    private IReadOnlyDictionary<string, long>? _counts;
    private long _countedAt;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        // Blocking is acceptable: an exporter measures on its own thread.
        meters.Create(JobMetrics.MeterName).CreateObservableGauge(
            "mcpimagegen.queue.unread", () => Measure(CountAsync(CancellationToken.None).GetAwaiter().GetResult()), "{message}",
            "Messages in the dead-letter queues.");
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>The number of messages in each queue, at most 5 s old; null if the broker does not respond within 3 s.</summary>
    public async Task<IReadOnlyDictionary<string, long>?> CountAsync(CancellationToken cancellationToken)
    {
        await _oneAtATime.WaitAsync(cancellationToken);
        try
        {
            if (_counts is null || time.GetElapsedTime(_countedAt) >= KeptFor)
            {
                _counts = await TryCountAsync(cancellationToken);
                _countedAt = time.GetTimestamp();
            }

            return _counts;
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    public void Dispose() => _oneAtATime.Dispose();

    private async Task<IReadOnlyDictionary<string, long>?> TryCountAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TimeLimit);
        try
        {
            var counts = new Dictionary<string, long>();
            foreach (var queue in GenerationQueue.Unread)
                counts[queue] = await CountAsync(queue, limit.Token);
            return counts;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            Log.NotCounted(logger, exception.GetBaseException().Message);
            return null;
        }
    }

    private async Task<long> CountAsync(string queue, CancellationToken cancellationToken)
    {
        await using var channel = await broker.OpenChannelAsync(cancellationToken);
        try
        {
            return await channel.MessageCountAsync(queue, cancellationToken);
        }
        catch (OperationInterruptedException exception) when (exception.ShutdownReason?.ReplyCode == Constants.NotFound)
        {
            return 0; // MassTransit creates the queue when it has a message for it
        }
    }

    private static IEnumerable<Measurement<long>> Measure(IReadOnlyDictionary<string, long>? counts) =>
        (counts ?? new Dictionary<string, long>()).Select(
            queue => new Measurement<long>(queue.Value, new KeyValuePair<string, object?>("messaging.destination.name", queue.Key)));

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Debug, "Could not count the messages in the dead-letter queues: {Reason}")]
        public static partial void NotCounted(ILogger logger, string reason);
    }
}
