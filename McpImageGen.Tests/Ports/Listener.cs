using System.Collections.Concurrent;
using System.Threading.Channels;
using McpImageGen.Contracts;
using McpImageGen.Jobs.Signals;

namespace McpImageGen.Tests.Ports;

/// <summary>Keeps what it hears until the test asks.</summary>
public sealed class Listener : IAsyncDisposable
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>Signals that only show that a listener is active.</summary>
    private static readonly ConcurrentDictionary<Guid, Listener> Probes = new();

    private readonly Channel<JobFinished> _heard = Channel.CreateUnbounded<JobFinished>();
    private readonly TaskCompletionSource _active = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Channel<bool> _missed = Channel.CreateUnbounded<bool>();
    private IAsyncDisposable? _subscription;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>How many signals came that the test has not asked for.</summary>
    public int Unheard => _heard.Reader.Count;

    public static async Task<Listener> BeginAsync(IJobSignals signals)
    {
        var listener = new Listener();
        listener._subscription = await signals.SubscribeAsync(listener.Hear, () => listener._missed.Writer.TryWrite(true), Cancel);
        return listener;
    }

    /// <summary>Begins to listen and waits until signals arrive: on a busy machine, a subscription may become active later.</summary>
    public static async Task<Listener> BeginActiveAsync(IJobSignals signals)
    {
        var listener = await BeginAsync(signals);
        var probe = new JobFinished(Guid.NewGuid());
        Probes[probe.JobId] = listener;
        while (!listener._active.Task.IsCompleted)
        {
            await signals.PublishAsync(probe, Cancel);
            await Task.WhenAny(listener._active.Task, Task.Delay(TimeSpan.FromMilliseconds(100), Cancel));
            Cancel.ThrowIfCancellationRequested();
        }

        return listener;
    }

    /// <summary>The next signal, now or when it comes.</summary>
    public Task<JobFinished> HeardAsync() => _heard.Reader.ReadAsync(Cancel).AsTask().WaitAsync(Limit, Cancel);

    /// <summary>Returns when it was told that it may have missed signals.</summary>
    public Task MissedAsync() => _missed.Reader.ReadAsync(Cancel).AsTask().WaitAsync(Limit, Cancel);

    /// <summary>Forgets what it was told so far.</summary>
    public void ForgetMissed()
    {
        while (_missed.Reader.TryRead(out _))
        {
        }
    }

    public ValueTask DisposeAsync() => _subscription?.DisposeAsync() ?? ValueTask.CompletedTask;

    private void Hear(JobFinished signal)
    {
        if (!Probes.TryGetValue(signal.JobId, out var prober))
            _heard.Writer.TryWrite(signal);
        else if (prober == this)
            _active.TrySetResult();
    }
}
