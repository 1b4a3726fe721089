using System.Collections.Concurrent;
using ModelContextProtocol.Protocol;

namespace McpImageGen.McpApi.Sse;

/// <summary>Delivers messages to streams of this process by a direct call.</summary>
internal sealed class InProcessSseMessages : ISseMessages
{
    private readonly ConcurrentDictionary<SseAddress, Action<JsonRpcMessage>> _streams = new();

    /// <inheritdoc/>
    public Task<bool> SendAsync(SseAddress address, JsonRpcMessage message, CancellationToken cancellationToken)
    {
        var isHere = _streams.TryGetValue(address, out var onMessage);
        onMessage?.Invoke(message);
        return Task.FromResult(isHere);
    }

    /// <inheritdoc/>
    public Task<IAsyncDisposable> ReceiveAsync(SseAddress address, Action<JsonRpcMessage> onMessage, CancellationToken cancellationToken)
    {
        _streams[address] = onMessage;
        return Task.FromResult<IAsyncDisposable>(new Subscription(_streams, address));
    }

    private sealed class Subscription(ConcurrentDictionary<SseAddress, Action<JsonRpcMessage>> streams, SseAddress address) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            streams.TryRemove(address, out _);
            return ValueTask.CompletedTask;
        }
    }
}
