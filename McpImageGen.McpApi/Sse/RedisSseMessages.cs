using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using StackExchange.Redis;

namespace McpImageGen.McpApi.Sse;

/// <summary>
/// Forwards messages between API processes with Redis pub/sub, with one channel for each stream. The number of receivers of a message shows
/// whether the stream exists. If Redis is unavailable, a message is delivered only if it is posted to the process that holds the stream.
/// A message is a call of the stream's owner, so it is encrypted and authenticated with the key ring of the API processes: who can only reach Redis can neither
/// make one, nor read it, nor send it again.
/// </summary>
internal sealed partial class RedisSseMessages(
    InProcessSseMessages here, IConnectionMultiplexer redis, IDataProtectionProvider keys, ILogger<RedisSseMessages> logger) : ISseMessages
{
    private const int SenderSize = 16;
    private const int HeaderSize = SenderSize + sizeof(long);

    /// <summary>The maximum time that a client waits for a Redis that is connected but does not respond.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);

    /// <summary>This process as a sender, and how many messages it has sent: a receiver ignores a number that it has seen or that is older.</summary>
    private readonly byte[] _sender = RandomNumberGenerator.GetBytes(SenderSize);

    private readonly Lock _sending = new();
    private long _sent;

    /// <inheritdoc/>
    public async Task<bool> SendAsync(SseAddress address, JsonRpcMessage message, CancellationToken cancellationToken)
    {
        if (await here.SendAsync(address, message, cancellationToken))
            return true;
        var json = JsonSerializer.SerializeToUtf8Bytes(message, McpJsonUtilities.DefaultOptions);
        try
        {
            var protector = ProtectorOf(address);
            Task<long> published;
            lock (_sending)
            {
                published = redis.GetSubscriber().PublishAsync(ChannelOf(address), protector.Protect(Numbered(json)));
            }

            return await published.WaitAsync(Limit, cancellationToken) > 0;
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException or CryptographicException)
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
            var protector = ProtectorOf(address);
            var seen = new Dictionary<Guid, long>();
            queue.OnMessage(published => Read(published.Message, protector, seen, onMessage));
            return queue;
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException)
        {
            Log.Alone(logger, exception.Message);
            return null;
        }
    }

    private void Read(RedisValue published, IDataProtector protector, Dictionary<Guid, long> seen, Action<JsonRpcMessage> onMessage)
    {
        try
        {
            var bytes = protector.Unprotect((byte[]?)published ?? []).AsSpan();
            var (sender, number) = (new Guid(bytes[..SenderSize]), BinaryPrimitives.ReadInt64LittleEndian(bytes[SenderSize..]));
            if (seen.TryGetValue(sender, out var last) && number <= last)
            {
                Log.Repeated(logger);
                return;
            }

            seen[sender] = number;
            if (JsonSerializer.Deserialize<JsonRpcMessage>(bytes[HeaderSize..], McpJsonUtilities.DefaultOptions) is { } message)
                onMessage(message);
        }
        catch (Exception exception) when (exception is JsonException or CryptographicException)
        {
            Log.Unreadable(logger, published.Length());
        }
    }

    private byte[] Numbered(byte[] json)
    {
        var bytes = new byte[HeaderSize + json.Length];
        _sender.CopyTo(bytes, 0);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(SenderSize), ++_sent);
        json.CopyTo(bytes, HeaderSize);
        return bytes;
    }

    /// <summary>A message of one stream is not valid on another.</summary>
    private IDataProtector ProtectorOf(SseAddress address) =>
        keys.CreateProtector("McpImageGen.Sse", address.Session.ToString("N"), address.Owner);

    /// <summary>The channel of a stream. Its name does not show the owner: everyone who can reach Redis can list the channels.</summary>
    private static RedisChannel ChannelOf(SseAddress address) => RedisChannel.Literal(
        "mcpimagegen:sse:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{address.Session:N}:{address.Owner}"))));

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

        [LoggerMessage(LogLevel.Warning, "Ignored a message of {Length} bytes for a stream because no API process of this system sent it or it could not be parsed")]
        public static partial void Unreadable(ILogger logger, long length);

        [LoggerMessage(LogLevel.Warning, "Ignored a message for a stream that had been received before")]
        public static partial void Repeated(ILogger logger);
    }
}
