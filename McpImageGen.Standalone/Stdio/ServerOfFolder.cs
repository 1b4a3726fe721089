using System.Net;
using System.Net.Sockets;
using McpImageGen.Standalone.Embedded;

namespace McpImageGen.Standalone.Stdio;

/// <summary>The server that has the data folder: another process where there is one, else this process.</summary>
/// <param name="args">The command line of a server that is started here.</param>
internal sealed class ServerOfFolder(string[] args) : IAsyncDisposable
{
    /// <summary>How long another process may take to start or to end.</summary>
    private static readonly TimeSpan LongestChange = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(100);

    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly CancellationTokenSource _stopping = new();
    private StandaloneServer? _own;
    private LocalServer? _known;

    /// <summary>Set when this process is the server and was asked to stop.</summary>
    public CancellationToken Stopping => _stopping.Token;

    /// <summary>Where the server is.</summary>
    /// <param name="gone">Where it is no more, as whoever called it there found out.</param>
    /// <exception cref="StartFailure">There is none, and none can be started here.</exception>
    public async Task<LocalServer> FindAsync(LocalServer? gone, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (_known is null || _known == gone)
                _known = await FindOrStartAsync(gone, cancellationToken);
            return _known;
        }
        finally
        {
            _turn.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_own is not null)
            await _own.DisposeAsync();
        _stopping.Dispose();
        _turn.Dispose();
    }

    private async Task<LocalServer> FindOrStartAsync(LocalServer? gone, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(LongestChange);
        while (true)
        {
            try
            {
                _own = await StandaloneServer.StartAsync(args, MoveToFreePort);
                _own.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.Register(_stopping.Cancel);
                await Console.Error.WriteLineAsync($"McpImageGen has started at {_own.Address}.");
                return _own.Local;
            }
            catch (DataFolderInUse inUse) when (inUse.Holder is { } holder && holder != gone)
            {
                await Console.Error.WriteLineAsync($"McpImageGen uses the server at {holder.Address}.");
                return holder;
            }
            catch (DataFolderInUse) when (!limit.IsCancellationRequested)
            {
                // It is starting, and will say where it is; or it is ending, and will free the folder.
                await Task.Delay(BetweenLooks, cancellationToken);
            }
        }
    }

    /// <summary>Where it listens is nobody's business here but that of the links to images, so it need not be the usual port.</summary>
    private static void MoveToFreePort(WebApplicationBuilder builder)
    {
        if (builder.Configuration["urls"] != StandaloneServer.DefaultUrl)
            return;
        try
        {
            using var usual = new TcpListener(IPAddress.Loopback, new Uri(StandaloneServer.DefaultUrl).Port);
            usual.Start();
        }
        catch (SocketException)
        {
            builder.Configuration["urls"] = "http://127.0.0.1:0";
        }
    }
}
