using Microsoft.Extensions.Time.Testing;

namespace McpImageGen.Tests.Testing;

/// <summary>A clock that the test moves, and that can also be set forward or back while no time passes for timers and timestamps.</summary>
public sealed class JumpingClock(DateTimeOffset start) : FakeTimeProvider(start)
{
    private TimeSpan _offset;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + _offset;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => base.GetUtcNow().Ticks;

    public void Jump(TimeSpan by) => _offset += by;
}
