using System.Diagnostics.Metrics;
using McpImageGen.Contracts;

namespace McpImageGen.Jobs.Lifecycle;

/// <summary>Counts what becomes of jobs. Names and units: docs/telemetry.md.</summary>
public sealed class JobMetrics
{
    /// <summary>The meter, in API and worker alike.</summary>
    public const string MeterName = "McpImageGen.Jobs";

    /// <summary>A tag: one of <see cref="JobStatus"/>.</summary>
    public const string StatusTag = "mcpimagegen.job.status";

    /// <summary>A tag: the model's public name.</summary>
    public const string ModelTag = "gen_ai.request.model";

    private const string ErrorTag = "error.type";

    private static readonly InstrumentAdvice<double> Waits = new()
    {
        HistogramBucketBoundaries = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 600, 1800, 3600],
    };

    private readonly Histogram<double> _queueWait;
    private readonly Counter<long> _finished;
    private readonly Counter<long> _retries;

    public JobMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _queueWait = meter.CreateHistogram(
            "mcpimagegen.job.queue.duration", "s", "From a job's submission to the start of its first attempt.", tags: null, Waits);
        _finished = meter.CreateCounter<long>("mcpimagegen.job.finished", "{job}", "Jobs that reached their last status.");
        _retries = meter.CreateCounter<long>("mcpimagegen.job.retries", "{retry}", "Attempts that did not do and are made again.");
    }

    /// <summary>An attempt begins. Only before the first one has the job done nothing but wait.</summary>
    public void Started(ClaimedJob job, DateTimeOffset now)
    {
        // Two clocks: a wait that is nearly none must not be less.
        if (job.Attempts == 1)
            _queueWait.Record(Math.Max(0, now.ToUnixTimeMilliseconds() - job.CreatedAt) / 1000.0, ModelOf(job));
    }

    public void Completed(ClaimedJob job) => _finished.Add(1, StatusOf(JobStatus.Completed), ModelOf(job));

    /// <param name="code">Why, one of <see cref="FailureCode"/>.</param>
    public void Failed(ClaimedJob job, string code) => _finished.Add(1, StatusOf(JobStatus.Failed), ModelOf(job), ErrorOf(code));

    /// <summary>Owners cancelled jobs.</summary>
    public void Cancelled(int jobs) => _finished.Add(jobs, StatusOf(JobStatus.Cancelled));

    /// <summary>A job failed because its workers died each time.</summary>
    public void WorkersLost() => _finished.Add(1, StatusOf(JobStatus.Failed), ErrorOf(FailureCode.WorkersLost));

    /// <summary>A job is to be tried again; one that was only held back has not been tried.</summary>
    public void PutBack(ClaimedJob job, RetryLater retry)
    {
        if (!retry.HeldBack)
            _retries.Add(1, ModelOf(job), ErrorOf(retry.Code));
    }

    private static KeyValuePair<string, object?> StatusOf(string status) => new(StatusTag, status);

    private static KeyValuePair<string, object?> ModelOf(ClaimedJob job) => new(ModelTag, job.Model);

    private static KeyValuePair<string, object?> ErrorOf(string code) => new(ErrorTag, code);
}
