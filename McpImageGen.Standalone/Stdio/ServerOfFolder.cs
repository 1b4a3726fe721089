using System.Net;
using System.Net.Sockets;
using McpImageGen.Standalone.Embedded;

namespace McpImageGen.Standalone.Stdio;

/// <summary>Finds the server that uses the data folder: another process if there is one, otherwise this process.</summary>
/// <param name="args">The command line for a server that is started in this process.</param>
internal sealed class ServerOfFolder(string[] args) : IAsyncDisposable
{
    /// <summary>How long another process may take to start or to stop.</summary>
    private static readonly TimeSpan MaxChangeTime = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(100);

    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly CancellationTokenSource _stopping = new();
    private StandaloneServer? _own;
    private LocalServer? _known;

    /// <summary>Cancelled when this process is the server and is asked to stop.</summary>
    public CancellationToken Stopping => _stopping.Token;

    /// <summary>Returns the server; starts one in this process if necessary.</summary>
    /// <param name="gone">The server that the caller could no longer reach, or null.</param>
    /// <exception cref="StartFailure">There is no server, and none can be started in this process.</exception>
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
        using var limit = new CancellationTokenSource(MaxChangeTime);
        while (true)
        {
            try
            {
                _own = await StandaloneServer.StartAsync(args, MoveToFreePort);
                _own.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.Register(_stopping.Cancel);
                await Console.Error.WriteLineAsync($"McpImageGen started a server at {_own.Address}.");
                return _own.Local;
            }
            catch (DataFolderInUse inUse) when (inUse.Holder is { } holder && holder != gone)
            {
                await Console.Error.WriteLineAsync($"McpImageGen is using the running server at {holder.Address}.");
                return holder;
            }
            catch (DataFolderInUse) when (!limit.IsCancellationRequested)
            {
                // The other server is starting and will publish its address, or it is stopping and will release the folder.
                await Task.Delay(BetweenLooks, cancellationToken);
            }
        }
    }

    /// <summary>Uses a free port if the default port is in use; with --stdio only image links depend on the port.</summary>
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
