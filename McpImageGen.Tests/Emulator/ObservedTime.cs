using Microsoft.Extensions.Time.Testing;

namespace McpImageGen.Tests.Emulator;

/// <summary>A clock that a test moves, that tells when somebody begins to wait and for how long, and that can pass on its own between two readings.</summary>
internal sealed class ObservedTime : FakeTimeProvider
{
    private readonly TaskCompletionSource<TimeSpan> _waiting = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _readings;

    /// <summary>How much time seems to pass between two readings of the stopwatch.</summary>
    public TimeSpan BetweenReadings { get; init; }

    /// <summary>The first wait that began.</summary>
    public Task<TimeSpan> Waiting => _waiting.Task;

    public override long GetTimestamp() => base.GetTimestamp() + (Interlocked.Increment(ref _readings) * BetweenReadings.Ticks);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        _waiting.TrySetResult(dueTime);
        return timer;
    }
}
