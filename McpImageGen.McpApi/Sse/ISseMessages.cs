using ModelContextProtocol.Protocol;

namespace McpImageGen.McpApi.Sse;

/// <summary>
/// Carries what clients of the HTTP+SSE transport post to the API that holds their stream, whichever API they posted it to.
/// </summary>
public interface ISseMessages
{
    /// <summary>Hands a message to who holds the stream.</summary>
    /// <returns>False when no API holds such a stream.</returns>
    /// <exception cref="IOException">No stream of this process, and the other APIs can't be asked now.</exception>
    Task<bool> SendAsync(SseAddress address, JsonRpcMessage message, CancellationToken cancellationToken);

    /// <summary>Takes the messages of a stream, one after the other, until the result is disposed.</summary>
    /// <param name="onMessage">Must return at once and must not throw.</param>
    Task<IAsyncDisposable> ReceiveAsync(SseAddress address, Action<JsonRpcMessage> onMessage, CancellationToken cancellationToken);
}
