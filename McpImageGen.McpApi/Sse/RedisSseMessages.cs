using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using StackExchange.Redis;

namespace McpImageGen.McpApi.Sse;

/// <summary>
/// Forwards messages between API processes with Redis pub/sub, with one channel for each stream. The number of receivers of a message shows
/// whether the stream exists. If Redis is unavailable, a message is delivered only if it is posted to the process that holds the stream.
/// </summary>
internal sealed partial class RedisSseMessages(InProcessSseMessages here, IConnectionMultiplexer redis, ILogger<RedisSseMessages> logger) : ISseMessages
{
    /// <summary>The maximum time that a client waits for a Redis that is connected but does not respond.</summary>
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
            // A queue, unlike a handler, preserves the order of the messages.
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
