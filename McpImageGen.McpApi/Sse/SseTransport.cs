using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace McpImageGen.McpApi.Sse;

/// <summary>The MCP server's transport for one client's stream: messages come from the message endpoint and are sent as events.</summary>
/// <param name="body">The response body; data written in one call is not interleaved.</param>
/// <param name="session">The id of the stream.</param>
/// <param name="mostAtOnce">The maximum number of unanswered requests. More are rejected: a post does not wait for its response, so nothing else limits them.</param>
internal sealed class SseTransport(Stream body, string session, int mostAtOnce) : ITransport
{
    private readonly Channel<JsonRpcMessage> _received = Channel.CreateUnbounded<JsonRpcMessage>();
    private readonly ConcurrentDictionary<RequestId, bool> _unanswered = new();

    public string? SessionId => session;

    public ChannelReader<JsonRpcMessage> MessageReader => _received.Reader;

    /// <summary>Tells the client where to post its messages.</summary>
    public Task SendEndpointAsync(string path, CancellationToken cancellationToken) => WriteAsync("endpoint", path, cancellationToken);

    public Task SendMessageAsync(JsonRpcMessage message, CancellationToken cancellationToken = default)
    {
        if (message is JsonRpcResponse or JsonRpcError)
            _unanswered.TryRemove(((JsonRpcMessageWithId)message).Id, out _);
        return WriteAsync("message", JsonSerializer.Serialize(message, McpJsonUtilities.DefaultOptions), cancellationToken);
    }

    public void Receive(JsonRpcMessage message)
    {
        switch (message)
        {
            case JsonRpcRequest request when _unanswered.Count >= mostAtOnce:
                _ = RefuseAsync(request);
                return;
            case JsonRpcRequest request:
                _unanswered[request.Id] = true;
                break;
            case JsonRpcNotification { Method: NotificationMethods.CancelledNotification } cancelled:
                Forget(cancelled.Params?["requestId"]);
                break;
        }

        _received.Writer.TryWrite(message);
    }

    /// <summary>Accepts no more messages, so that the server ends after it has answered the received ones.</summary>
    public void Complete() => _received.Writer.TryComplete();

    public ValueTask DisposeAsync()
    {
        Complete();
        return ValueTask.CompletedTask;
    }

    /// <summary>Cancelled requests get no response.</summary>
    private void Forget(JsonNode? id)
    {
        if (id is not JsonValue value)
            return;
        if (value.TryGetValue<string>(out var text))
            _unanswered.TryRemove(new RequestId(text), out _);
        else if (value.TryGetValue<long>(out var number))
            _unanswered.TryRemove(new RequestId(number), out _);
    }

    private async Task RefuseAsync(JsonRpcRequest request)
    {
        var detail = new JsonRpcErrorDetail
        {
            Code = Transport.JsonRpcError.TooMany,
            Message = $"Too many concurrent calls: the limit is {mostAtOnce} unanswered calls.",
        };
        try
        {
            await SendMessageAsync(new JsonRpcError { Id = request.Id, Error = detail });
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // The client has disconnected.
        }
    }

    private async Task WriteAsync(string kind, string data, CancellationToken cancellationToken)
    {
        await body.WriteAsync(Encoding.UTF8.GetBytes($"event: {kind}\ndata: {data}\n\n"), cancellationToken);
        await body.FlushAsync(cancellationToken);
    }
}
