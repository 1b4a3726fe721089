using McpImageGen.Tests.Testing;

namespace McpImageGen.Tests.Pages.Browser;

/// <summary>One server for all tests in the browser, with more owners than they need: whoever takes a new one begins with an empty gallery.</summary>
public sealed class ManyOwners : IAsyncLifetime
{
    private const int Count = 200;

    private int _taken;

    public RunningStandalone Server { get; private set; } = null!;

    /// <summary>The MCP client of an owner who has asked for nothing yet.</summary>
    public FetchClient Take() => new(Server.Http, TokenOf(_taken++));

    public async ValueTask InitializeAsync() => Server = await RunningStandalone.StartAsync(
        [.. Enumerable.Range(0, Count).SelectMany(n => new[] { $"--Auth:Tokens:{n}:Owner=owner-{n}", $"--Auth:Tokens:{n}:Token={TokenOf(n)}" })]);

    public ValueTask DisposeAsync() => Server.DisposeAsync();

    private static string TokenOf(int owner) => $"token-of-owner-{owner}";
}
