using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace McpImageGen.Tests.Distributed;

/// <summary>
/// The way to a server, which a test can cut: no byte passes, no connection is closed, and new ones get no response. When it is restored,
/// what was sent in the meantime arrives, as after a fault of a network.
/// </summary>
public sealed partial class CuttableLink : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _disposed = new();
    private readonly int _port;
    private readonly Task _accepting;
    private volatile TaskCompletionSource _passable = new();

    /// <summary>Opens a link to the server at this address or connection string; its host is 127.0.0.1.</summary>
    public CuttableLink(string address)
    {
        _port = int.Parse(Port().Match(address).Value, CultureInfo.InvariantCulture);
        _passable.SetResult();
        _listener.Start();
        Address = Port().Replace(address, $"{((IPEndPoint)_listener.LocalEndpoint).Port}", 1);
        _accepting = AcceptAsync();
    }

    /// <summary>The address of the server through this link.</summary>
    public string Address { get; }

    public void Cut() => _passable = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Restore() => _passable.TrySetResult();

    public async ValueTask DisposeAsync()
    {
        await _disposed.CancelAsync();
        _listener.Dispose();
        await _accepting;
        _disposed.Dispose();
    }

    [GeneratedRegex("""(?<=127\.0\.0\.1:|Port=)\d+""")]
    private static partial Regex Port();

    private async Task AcceptAsync()
    {
        var connections = new List<Task>();
        try
        {
            while (true)
                connections.Add(ForwardAsync(await _listener.AcceptTcpClientAsync(_disposed.Token)));
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task ForwardAsync(TcpClient client)
    {
        using var server = new TcpClient();
        using (client)
        {
            try
            {
                await _passable.Task.WaitAsync(_disposed.Token);
                await server.ConnectAsync(IPAddress.Loopback, _port, _disposed.Token);
                using var ended = CancellationTokenSource.CreateLinkedTokenSource(_disposed.Token);
                var directions = new[] { CopyAsync(client.GetStream(), server.GetStream(), ended.Token), CopyAsync(server.GetStream(), client.GetStream(), ended.Token) };
                await Task.WhenAny(directions);
                await ended.CancelAsync();
                await Task.WhenAll(directions);
            }
            catch (Exception exception) when (exception is IOException or SocketException or OperationCanceledException)
            {
                // One side has closed the connection, or the link ends: the other side's connection is closed too.
            }
        }
    }

    private async Task CopyAsync(NetworkStream from, NetworkStream to, CancellationToken cancellationToken)
    {
        var buffer = new byte[64 * 1024];
        while (await from.ReadAsync(buffer, cancellationToken) is > 0 and var read)
        {
            await _passable.Task.WaitAsync(cancellationToken);
            await to.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
        }

        await _passable.Task.WaitAsync(cancellationToken);
    }
}
