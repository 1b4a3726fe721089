namespace McpImageGen.Tests.Testing;

/// <summary>The system's clock, with a date that a test moves on.</summary>
public sealed class ShiftedTime : TimeProvider
{
    public TimeSpan Shift { get; set; }

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Shift;
}
