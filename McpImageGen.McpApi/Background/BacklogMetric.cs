using System.Diagnostics.Metrics;
using McpImageGen.Jobs;
using McpImageGen.Jobs.Queries;
using McpImageGen.McpApi.Waiting;

namespace McpImageGen.McpApi.Background;

/// <summary>The metric of unfinished jobs by status and model. It is a hosted service because no other service depends on it.</summary>
internal sealed partial class BacklogMetric(JobQueries queries, IMeterFactory meters, TimeProvider time, ILogger<BacklogMetric> logger) : IHostedService
{
    private static readonly TimeSpan KeptFor = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private Measurement<long>[] _counts = [];
    private long? _countedAt;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        meters.Create(JobCompletionWaiter.MeterName).CreateObservableGauge("mcpimagegen.job.unfinished", Count, "{job}", "Jobs that are pending or processing.");
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Called on the thread of the metrics exporter, if there is one.</summary>
    private Measurement<long>[] Count()
    {
        lock (_lock)
        {
            if (_countedAt is { } countedAt && time.GetElapsedTime(countedAt) < KeptFor)
                return _counts;
            _countedAt = time.GetTimestamp();
            try
            {
                _counts = [.. queries.CountUnfinished().Select(count => new Measurement<long>(
                    count.Count, new(JobMetrics.StatusTag, count.Status), new(JobMetrics.ModelTag, count.Model)))];
            }
            catch (Exception exception)
            {
                Log.NotCounted(logger, exception.GetBaseException().Message);
                _counts = [];
            }

            return _counts;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Could not count the unfinished jobs: {Reason}")]
        public static partial void NotCounted(ILogger logger, string reason);
    }
}
