using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace McpImageGen.McpApi.Sse;

/// <summary>One client's stream as the MCP server has it: messages come from the message endpoint, and go out as events.</summary>
/// <param name="body">The response; what is written to it in one go stays together.</param>
/// <param name="session">The stream's name.</param>
/// <param name="mostAtOnce">How many requests may be without an answer. More are refused: no post waits for its answer, so nothing else would hold them up.</param>
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

    /// <summary>Takes no more messages, so that the server ends when what it has is answered.</summary>
    public void Complete() => _received.Writer.TryComplete();

    public ValueTask DisposeAsync()
    {
        Complete();
        return ValueTask.CompletedTask;
    }

    /// <summary>What is cancelled gets no answer.</summary>
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
            // The client has gone, and with it whoever would read this.
        }
    }

    private async Task WriteAsync(string kind, string data, CancellationToken cancellationToken)
    {
        await body.WriteAsync(Encoding.UTF8.GetBytes($"event: {kind}\ndata: {data}\n\n"), cancellationToken);
        await body.FlushAsync(cancellationToken);
    }
}
