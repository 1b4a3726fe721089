using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace McpImageGen.McpApi.Sse;

/// <summary>The MCP server's transport for one client's stream: messages come from the message endpoint and are sent as events.</summary>
/// <param name="body">The response body; data written in one call is not interleaved.</param>
/// <param name="session">The id of the stream.</param>
internal sealed class SseTransport(Stream body, string session) : ITransport
{
    private readonly Channel<JsonRpcMessage> _received = Channel.CreateUnbounded<JsonRpcMessage>();

    public string? SessionId => session;

    public ChannelReader<JsonRpcMessage> MessageReader => _received.Reader;

    /// <summary>Tells the client where to post its messages.</summary>
    public Task SendEndpointAsync(string path, CancellationToken cancellationToken) => WriteAsync("endpoint", path, cancellationToken);

    public Task SendMessageAsync(JsonRpcMessage message, CancellationToken cancellationToken = default) =>
        WriteAsync("message", JsonSerializer.Serialize(message, McpJsonUtilities.DefaultOptions), cancellationToken);

    public void Receive(JsonRpcMessage message) => _received.Writer.TryWrite(message);

    /// <summary>Accepts no more messages, so that the server ends after it has answered the received ones.</summary>
    public void Complete() => _received.Writer.TryComplete();

    public ValueTask DisposeAsync()
    {
        Complete();
        return ValueTask.CompletedTask;
    }

    private async Task WriteAsync(string kind, string data, CancellationToken cancellationToken)
    {
        await body.WriteAsync(Encoding.UTF8.GetBytes($"event: {kind}\ndata: {data}\n\n"), cancellationToken);
        await body.FlushAsync(cancellationToken);
    }
}
