using McpImageGen.Standalone;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;

namespace McpImageGen.Tests.Testing;

/// <summary>The standalone server in this process, on a free port and a folder of its own, with an emulator that is quick.</summary>
public sealed class RunningStandalone : IAsyncDisposable
{
    private readonly TemporaryFolder _folder;
    private readonly StandaloneServer _server;

    private RunningStandalone(TemporaryFolder folder, StandaloneServer server)
    {
        _folder = folder;
        _server = server;
        Http = new HttpClient { BaseAddress = new Uri(server.Address), Timeout = TimeSpan.FromSeconds(100) };
        Client = new FetchClient(Http, server.Token);
    }

    public HttpClient Http { get; }

    public FetchClient Client { get; }

    public string Token => _server.Token;

    public Uri Mcp => new(Http.BaseAddress!, "/mcp");

    public string DataFolder => _folder.Path;

    public IServiceProvider Services => _server.Services;

    public static Task<RunningStandalone> StartAsync(params string[] settings) => StartAsync(_ => { }, settings);

    /// <param name="configure">Changes the server: its clock, for instance, or who gets its log.</param>
    /// <param name="settings">Further settings.</param>
    public static async Task<RunningStandalone> StartAsync(Action<WebApplicationBuilder> configure, params string[] settings)
    {
        var folder = new TemporaryFolder();
        try
        {
            var server = await StandaloneServer.StartAsync(ArgumentsFor(folder.Path, settings), builder =>
            {
                builder.Logging.ClearProviders();
                configure(builder);
            });
            return new RunningStandalone(folder, server);
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    /// <summary>The command line of a server for tests; later settings win.</summary>
    internal static string[] ArgumentsFor(string folder, params string[] settings) =>
    [
        "--data", folder,
        "--urls", "http://127.0.0.1:0",
        "--Emulator:Latency=00:00:00.020",
        "--Jobs:RequeueEvery=00:00:00.050",
        "--Worker:DrainFor=00:00:01",

        // Whatever is set where the tests run.
        "--AUTH_TOKEN=",
        "--WorkersAi:AccountId=",
        "--WorkersAi:ApiToken=",
        "--WorkersAi:BaseUrl=",
        .. settings,
    ];

    /// <summary>Stops the server and leaves its data.</summary>
    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _server.DisposeAsync();
        _folder.Dispose();
    }
}
