using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using StackExchange.Redis;

namespace McpImageGen.McpApi.Sse;

/// <summary>
/// Messages between the APIs by Redis' publish and subscribe, with a channel for each stream: how many heard a message tells whether
/// the stream is there. Without Redis a client reaches the API that holds its stream, but not through another one.
/// </summary>
internal sealed partial class RedisSseMessages(InProcessSseMessages here, IConnectionMultiplexer redis, ILogger<RedisSseMessages> logger) : ISseMessages
{
    /// <summary>How long a Redis that is connected but silent holds up a client.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    public async Task<bool> SendAsync(SseAddress address, JsonRpcMessage message, CancellationToken cancellationToken)
    {
        if (await here.SendAsync(address, message, cancellationToken))
            return true;
        var json = JsonSerializer.SerializeToUtf8Bytes(message, McpJsonUtilities.DefaultOptions);
        try
        {
            return await redis.GetSubscriber().PublishAsync(ChannelOf(address), json).WaitAsync(Limit, cancellationToken) > 0;
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException)
        {
            throw new IOException(exception.Message, exception);
        }
    }

    /// <inheritdoc/>
    public async Task<IAsyncDisposable> ReceiveAsync(SseAddress address, Action<JsonRpcMessage> onMessage, CancellationToken cancellationToken)
    {
        var local = await here.ReceiveAsync(address, onMessage, cancellationToken);
        return new Subscription(local, await SubscribeAsync(address, onMessage, cancellationToken));
    }

    private async Task<ChannelMessageQueue?> SubscribeAsync(SseAddress address, Action<JsonRpcMessage> onMessage, CancellationToken cancellationToken)
    {
        try
        {
            // A queue, unlike a handler, keeps the messages in their order.
            var queue = await redis.GetSubscriber().SubscribeAsync(ChannelOf(address)).WaitAsync(Limit, cancellationToken);
            queue.OnMessage(published => Read(published.Message, onMessage));
            return queue;
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException)
        {
            Log.Alone(logger, exception.Message);
            return null;
        }
    }

    private void Read(RedisValue json, Action<JsonRpcMessage> onMessage)
    {
        try
        {
            if (JsonSerializer.Deserialize<JsonRpcMessage>((byte[]?)json, McpJsonUtilities.DefaultOptions) is { } message)
                onMessage(message);
        }
        catch (JsonException)
        {
            Log.Unreadable(logger, json.Length());
        }
    }

    private static RedisChannel ChannelOf(SseAddress address) => RedisChannel.Literal($"mcpimagegen:sse:{address.Session:N}:{address.Owner}");

    private sealed class Subscription(IAsyncDisposable local, ChannelMessageQueue? queue) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await local.DisposeAsync();
            queue?.Unsubscribe(CommandFlags.FireAndForget);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Redis is unavailable; only this API process can receive messages for a newly opened stream: {Reason}")]
        public static partial void Alone(ILogger logger, string reason);

        [LoggerMessage(LogLevel.Warning, "Ignored a message of {Length} bytes for a stream because it could not be parsed")]
        public static partial void Unreadable(ILogger logger, long length);
    }
}
