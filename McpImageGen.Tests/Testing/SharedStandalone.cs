namespace McpImageGen.Tests.Testing;

/// <summary>One standalone server for all tests of a class.</summary>
public sealed class SharedStandalone : IAsyncLifetime
{
    public RunningStandalone Server { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Server = await RunningStandalone.StartAsync();

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
