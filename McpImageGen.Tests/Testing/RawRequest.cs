using System.Net.Sockets;
using System.Text;

namespace McpImageGen.Tests.Testing;

/// <summary>A request byte by byte, as no HTTP client would send it.</summary>
public static class RawRequest
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <summary>Sends the text and returns the status and the whole answer, as soon as the server has closed the connection.</summary>
    public static async Task<(int Status, string Answer)> SendAsync(Uri server, string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(server.Host, server.Port, TestContext.Current.CancellationToken);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request), TestContext.Current.CancellationToken);
        using var answer = new StreamReader(stream, Encoding.UTF8);
        var text = await answer.ReadToEndAsync(TestContext.Current.CancellationToken).WaitAsync(Limit, TestContext.Current.CancellationToken);
        return (int.Parse(text.Split(' ')[1]), text);
    }

    /// <summary>Sends the text and returns the first line of the answer, which may come before the request is complete.</summary>
    public static async Task<string?> StatusLineAsync(Uri server, string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(server.Host, server.Port, TestContext.Current.CancellationToken);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request), TestContext.Current.CancellationToken);
        using var answer = new StreamReader(stream, Encoding.UTF8);
        return await answer.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Limit, TestContext.Current.CancellationToken);
    }
}
