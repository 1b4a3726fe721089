using System.Collections.Immutable;
using McpImageGen.Contracts;
using McpImageGen.Jobs.Signals;

namespace McpImageGen.Standalone.Embedded;

/// <summary>Signals within one process: a call. None is ever missed.</summary>
internal sealed class InProcessJobSignals : IJobSignals
{
    private ImmutableArray<Action<JobFinished>> _listeners = [];

    /// <inheritdoc/>
    public Task PublishAsync(JobFinished signal, CancellationToken cancellationToken)
    {
        foreach (var listener in _listeners)
            listener(signal);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<IAsyncDisposable> SubscribeAsync(
        Action<JobFinished> onFinished, Action onMissed, CancellationToken cancellationToken)
    {
        ImmutableInterlocked.Update(ref _listeners, listeners => listeners.Add(onFinished));
        return Task.FromResult<IAsyncDisposable>(new Subscription(this, onFinished));
    }

    private sealed class Subscription(InProcessJobSignals signals, Action<JobFinished> listener) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            ImmutableInterlocked.Update(ref signals._listeners, listeners => listeners.Remove(listener));
            return ValueTask.CompletedTask;
        }
    }
}
