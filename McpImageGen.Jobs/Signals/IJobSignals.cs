using McpImageGen.Contracts;

namespace McpImageGen.Jobs.Signals;

/// <summary>
/// Wakes calls that wait for a job and workers that process it, in every process. Signals can be lost or delivered twice, and are not
/// delivered later to subscribers that were not listening, so a subscriber must read the row.
/// </summary>
public interface IJobSignals
{
    /// <summary>Notifies all subscribers. Fails if the signals are unavailable; the job is finished nonetheless.</summary>
    Task PublishAsync(JobFinished signal, CancellationToken cancellationToken);

    /// <summary>Subscribes until the result is disposed. The callbacks must return immediately and must not throw.</summary>
    /// <param name="onFinished">Called for each signal.</param>
    /// <param name="onMissed">Called when signals may have been missed, for example after a reconnect.</param>
    Task<IAsyncDisposable> SubscribeAsync(Action<JobFinished> onFinished, Action onMissed, CancellationToken cancellationToken);

    /// <summary>Notifies all workers. Fails if the signals are unavailable; the job is cancelled nonetheless.</summary>
    Task PublishAsync(JobCancelled signal, CancellationToken cancellationToken);

    /// <summary>
    /// Subscribes until the result is disposed. A missed signal only means unnecessary work. The callback must return immediately and must not throw.
    /// </summary>
    /// <param name="onCancelled">Called for each signal.</param>
    Task<IAsyncDisposable> SubscribeAsync(Action<JobCancelled> onCancelled, CancellationToken cancellationToken);
}
