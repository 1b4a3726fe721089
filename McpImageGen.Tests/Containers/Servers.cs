using McpImageGen.Tests.Containers;

[assembly: AssemblyFixture(typeof(Servers))]

namespace McpImageGen.Tests.Containers;

/// <summary>
/// The servers of the distributed system, one of each for the whole run. A server starts when a test first asks it for something;
/// where there is no Docker, that test is skipped. A test class takes them as a parameter of its constructor.
/// A test that stops or kills one belongs to <see cref="Outages"/>, which has servers of its own, or to <see cref="TimedOutages"/>.
/// </summary>
public sealed class Servers : IAsyncDisposable
{
    public PostgresServer Postgres { get; } = new();

    public RabbitMqServer RabbitMq { get; } = new();

    public RedisServer Redis { get; } = new();

    public S3Server S3 { get; } = new();

    private Server[] All => [Postgres, RabbitMq, Redis, S3];

    /// <summary>Starts those that do not run, side by side. For a test that needs them all.</summary>
    public Task StartAsync() => Task.WhenAll(All.Select(server => server.StartAsync()));

    public async ValueTask DisposeAsync() => await Task.WhenAll(All.Select(server => server.DisposeAsync().AsTask()));
}
