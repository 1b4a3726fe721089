using McpImageGen.Contracts;
using McpImageGen.GenerationWorker.RateLimit;
using McpImageGen.Jobs.Signals;

namespace McpImageGen.GenerationWorker.Background;

/// <summary>
/// Listens for cancelled jobs: aborts those that this worker is processing and removes them from the rate limit's queue.
/// </summary>
public sealed class CancellationWatcher(IJobSignals signals, IRateLimit rateLimit, WorkerContext worker) : IHostedService
{
    private readonly HashSet<Attempt> _running = [];
    private readonly Lock _lock = new();
    private IAsyncDisposable? _subscription;

    public async Task StartAsync(CancellationToken cancellationToken) =>
        _subscription = await signals.SubscribeAsync(Abort, cancellationToken);

    // The bus was registered later, so it stops earlier: no consumer is running at this point.
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_subscription is not null)
            await _subscription.DisposeAsync();
    }

    /// <summary>Registers an attempt at a job until it is disposed. It is aborted when the job is cancelled or this worker must stop.</summary>
    public Attempt Begin(Guid jobId)
    {
        var attempt = new Attempt(this, jobId, worker.Stopping);
        lock (_lock)
            _running.Add(attempt);
        return attempt;
    }

    private void Abort(JobCancelled signal)
    {
        lock (_lock)
        {
            // The consequences of the abort do not run here: the signal's callback must return immediately.
            foreach (var attempt in _running.Where(attempt => attempt.JobId == signal.JobId))
                attempt.Abort();
        }

        _ = rateLimit.LeaveAsync(signal.JobId, CancellationToken.None);
    }

    private void End(Attempt attempt)
    {
        lock (_lock)
            _running.Remove(attempt);
    }

    /// <summary>One attempt at one job.</summary>
    public sealed class Attempt : IDisposable
    {
        private readonly CancellationWatcher _cancellations;
        private readonly CancellationTokenSource _aborted;

        internal Attempt(CancellationWatcher cancellations, Guid jobId, CancellationToken stopping)
        {
            _cancellations = cancellations;
            _aborted = CancellationTokenSource.CreateLinkedTokenSource(stopping);
            JobId = jobId;
            Aborted = _aborted.Token;
        }

        public Guid JobId { get; }

        /// <summary>Cancelled when the attempt is aborted.</summary>
        public CancellationToken Aborted { get; }

        public void Dispose()
        {
            _cancellations.End(this);
            _aborted.Dispose();
        }

        internal void Abort() => _ = _aborted.CancelAsync();
    }
}
