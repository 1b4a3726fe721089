namespace McpImageGen.Tests.Distributed;

/// <summary>What an owner waits for who does little, as 99th percentiles.</summary>
/// <param name="Ping">For the answer to a ping.</param>
/// <param name="Generate">For the acceptance of a job.</param>
/// <param name="Alive">For <c>/alive</c>.</param>
public sealed record Quiet(TimeSpan Ping, TimeSpan Generate, TimeSpan Alive)
{
    public TimeSpan Longest => new[] { Ping, Generate, Alive }.Max();
}
