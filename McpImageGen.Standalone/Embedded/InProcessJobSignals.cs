using System.Collections.Immutable;
using McpImageGen.Contracts;
using McpImageGen.Jobs.Signals;

namespace McpImageGen.Standalone.Embedded;

/// <summary>Signals within one process, as direct calls. No signal is ever missed.</summary>
internal sealed class InProcessJobSignals : IJobSignals
{
    private readonly Listeners<JobFinished> _finished = new();
    private readonly Listeners<JobCancelled> _cancelled = new();

    /// <inheritdoc/>
    public Task PublishAsync(JobFinished signal, CancellationToken cancellationToken) => _finished.SignalAsync(signal);

    /// <inheritdoc/>
    public Task<IAsyncDisposable> SubscribeAsync(Action<JobFinished> onFinished, Action onMissed, CancellationToken cancellationToken) =>
        Task.FromResult(_finished.Add(onFinished));

    /// <inheritdoc/>
    public Task PublishAsync(JobCancelled signal, CancellationToken cancellationToken) => _cancelled.SignalAsync(signal);

    /// <inheritdoc/>
    public Task<IAsyncDisposable> SubscribeAsync(Action<JobCancelled> onCancelled, CancellationToken cancellationToken) =>
        Task.FromResult(_cancelled.Add(onCancelled));

    private sealed class Listeners<TSignal>
    {
        private ImmutableArray<Action<TSignal>> _all = [];

        public Task SignalAsync(TSignal signal)
        {
            foreach (var listener in _all)
                listener(signal);
            return Task.CompletedTask;
        }

        public IAsyncDisposable Add(Action<TSignal> listener)
        {
            ImmutableInterlocked.Update(ref _all, all => all.Add(listener));
            return new Subscription(this, listener);
        }

        private sealed class Subscription(Listeners<TSignal> listeners, Action<TSignal> listener) : IAsyncDisposable
        {
            public ValueTask DisposeAsync()
            {
                ImmutableInterlocked.Update(ref listeners._all, all => all.Remove(listener));
                return ValueTask.CompletedTask;
            }
        }
    }
}
