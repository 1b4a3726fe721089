using McpImageGen.Contracts;

namespace McpImageGen.Jobs.Signals;

/// <summary>
/// Wakes whoever waits for a job or works on it, in every process. Signals can be lost and can come twice, and nobody who was not listening
/// gets them later: whoever is woken reads the row.
/// </summary>
public interface IJobSignals
{
    /// <summary>Tells everyone. Fails when the signals are away; the job is finished all the same.</summary>
    Task PublishAsync(JobFinished signal, CancellationToken cancellationToken);

    /// <summary>Listens until the result is disposed. The callbacks must return at once and must not throw.</summary>
    /// <param name="onFinished">Called for each signal.</param>
    /// <param name="onMissed">Called when signals may have been missed, after a reconnect for instance.</param>
    Task<IAsyncDisposable> SubscribeAsync(Action<JobFinished> onFinished, Action onMissed, CancellationToken cancellationToken);

    /// <summary>Tells every worker. Fails when the signals are away; the job is cancelled all the same.</summary>
    Task PublishAsync(JobCancelled signal, CancellationToken cancellationToken);

    /// <summary>Listens until the result is disposed. Who misses a signal only works in vain. The callback must return at once and must not throw.</summary>
    /// <param name="onCancelled">Called for each signal.</param>
    Task<IAsyncDisposable> SubscribeAsync(Action<JobCancelled> onCancelled, CancellationToken cancellationToken);
}
