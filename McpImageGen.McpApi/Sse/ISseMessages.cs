using ModelContextProtocol.Protocol;

namespace McpImageGen.McpApi.Sse;

/// <summary>
/// Forwards the messages that clients of the HTTP+SSE transport post to the API process that holds their stream.
/// </summary>
public interface ISseMessages
{
    /// <summary>Sends a message to the API process that holds the stream.</summary>
    /// <returns>False if no API process holds the stream.</returns>
    /// <exception cref="IOException">This process does not hold the stream, and the other API processes cannot be reached now.</exception>
    Task<bool> SendAsync(SseAddress address, JsonRpcMessage message, CancellationToken cancellationToken);

    /// <summary>Receives the messages of a stream, one after the other, until the result is disposed.</summary>
    /// <param name="onMessage">Must return immediately and must not throw.</param>
    Task<IAsyncDisposable> ReceiveAsync(SseAddress address, Action<JsonRpcMessage> onMessage, CancellationToken cancellationToken);
}
