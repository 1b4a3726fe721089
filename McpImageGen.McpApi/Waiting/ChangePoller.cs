using System.Threading.Channels;

namespace McpImageGen.McpApi.Waiting;

/// <summary>Wakes views of jobs when a job is finished, and every few seconds, because there is no signal for submitted or claimed jobs.</summary>
internal sealed class ChangePoller : IAsyncDisposable
{
    private static readonly TimeSpan MaxSilence = TimeSpan.FromSeconds(2);

    private readonly Channel<bool> _woken = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly JobCompletionWaiter _waits;
    private readonly TimeProvider _time;
    private readonly ITimer _net;

    public ChangePoller(JobCompletionWaiter waits, TimeProvider time)
    {
        (_waits, _time) = (waits, time);
        _net = time.CreateTimer(_ => Wake(), null, TimeSpan.Zero, MaxSilence);
        waits.Woken += Wake;
    }

    /// <summary>Waits for the next wake-up. The first one comes immediately.</summary>
    /// <param name="pause">A delay before the wait, so that changes within this time are reported together.</param>
    /// <param name="stop">Ends the wait.</param>
    /// <returns>False if <paramref name="stop"/> was cancelled.</returns>
    public async Task<bool> NextAsync(TimeSpan pause, CancellationToken stop)
    {
        try
        {
            await Task.Delay(pause, _time, stop);
            return await _woken.Reader.ReadAsync(stop);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    public ValueTask DisposeAsync()
    {
        _waits.Woken -= Wake;
        return _net.DisposeAsync();
    }

    private void Wake() => _woken.Writer.TryWrite(true);
}
