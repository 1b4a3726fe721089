namespace McpImageGen.Tests.Testing;

/// <summary>
/// One standalone server for all tests of a class. A test that counts or lists jobs takes a new owner, or two. A class that needs other settings has a
/// fixture of its own that derives from this one.
/// </summary>
public class SharedStandalone : IAsyncLifetime
{
    private const int Owners = 200;

    private int _taken;

    public RunningStandalone Server { get; private set; } = null!;

    protected virtual IEnumerable<string> Settings => [];

    /// <summary>The client of an owner that has no jobs yet.</summary>
    public FetchClient NewOwner() => new(Server.Http, TokenOf(Interlocked.Increment(ref _taken) - 1));

    public async ValueTask InitializeAsync() => Server = await RunningStandalone.StartAsync(
        ["--AUTH_TOKEN=token-of-the-class", .. Enumerable.Range(0, Owners).SelectMany(n => new[] { $"--Auth:Tokens:{n}:Owner=owner-{n}", $"--Auth:Tokens:{n}:Token={TokenOf(n)}" }), .. Settings]);

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return Server.DisposeAsync();
    }

    private static string TokenOf(int owner) => $"token-of-owner-{owner}";
}
