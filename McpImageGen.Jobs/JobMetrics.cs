using System.Diagnostics.Metrics;
using McpImageGen.Contracts;
using McpImageGen.Jobs.Claiming;
using McpImageGen.Jobs.Scheduling;

namespace McpImageGen.Jobs;

/// <summary>Metrics about jobs. Names and units: docs/telemetry.md.</summary>
public sealed class JobMetrics
{
    /// <summary>The name of the meter, in both API and worker.</summary>
    public const string MeterName = "McpImageGen.Jobs";

    /// <summary>A tag: one of <see cref="JobStatus"/>.</summary>
    public const string StatusTag = "mcpimagegen.job.status";

    /// <summary>A tag: the model's public name.</summary>
    public const string ModelTag = "gen_ai.request.model";

    private const string ErrorTag = "error.type";
    private const string ReasonTag = "mcpimagegen.reclaim.reason";

    private static readonly InstrumentAdvice<double> Waits = new()
    {
        HistogramBucketBoundaries = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 600, 1800, 3600],
    };

    private readonly Histogram<double> _queueWait;
    private readonly Counter<long> _finished;
    private readonly Counter<long> _reclaims;
    private readonly Counter<long> _retries;

    public JobMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _queueWait = meter.CreateHistogram(
            "mcpimagegen.job.queue.duration", "s", "Time from a job's submission to the start of its first attempt.", tags: null, Waits);
        _finished = meter.CreateCounter<long>("mcpimagegen.job.finished", "{job}", "Finished jobs.");
        _reclaims = meter.CreateCounter<long>("mcpimagegen.job.reclaims", "{reclaim}", "Jobs taken from a worker that is dead or whose lease is over.");
        _retries = meter.CreateCounter<long>("mcpimagegen.job.retries", "{retry}", "Failed attempts that are retried.");
    }

    /// <summary>Records the start of an attempt; the wait is recorded for the first attempt only.</summary>
    /// <param name="job">The claimed job.</param>
    /// <param name="now">The current time by the database's clock, Unix milliseconds.</param>
    public void Started(ClaimedJob job, long now)
    {
        if (job.Attempts == 1)
            _queueWait.Record(Math.Max(0, now - job.CreatedAt) / 1000.0, ModelOf(job));
    }

    public void Completed(ClaimedJob job) => _finished.Add(1, StatusOf(JobStatus.Completed), ModelOf(job));

    /// <param name="code">The reason, one of <see cref="ErrorCode"/>.</param>
    public void Failed(ClaimedJob job, string code) => _finished.Add(1, StatusOf(JobStatus.Failed), ModelOf(job), ErrorOf(code));

    /// <summary>Records jobs cancelled by their owners.</summary>
    public void Cancelled(int jobs) => _finished.Add(jobs, StatusOf(JobStatus.Cancelled));

    /// <summary>Records a job that was taken from its worker.</summary>
    public void Reclaimed(ReclaimedJob job)
    {
        _reclaims.Add(1, new KeyValuePair<string, object?>(ReasonTag, job.Reason));
        if (job.Failed)
            _finished.Add(1, StatusOf(JobStatus.Failed), ErrorOf(ErrorCode.WorkersLost));
    }

    /// <summary>Records a retry; a deferred job was not attempted, so it is not counted.</summary>
    public void Rescheduled(ClaimedJob job, RetryPlan retry)
    {
        if (!retry.IsDeferred)
            _retries.Add(1, ModelOf(job), ErrorOf(retry.Code));
    }

    private static KeyValuePair<string, object?> StatusOf(string status) => new(StatusTag, status);

    private static KeyValuePair<string, object?> ModelOf(ClaimedJob job) => new(ModelTag, job.Model);

    private static KeyValuePair<string, object?> ErrorOf(string code) => new(ErrorTag, code);
}
