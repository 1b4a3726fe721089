using McpImageGen.Contracts;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace McpImageGen.Jobs.Signals;

/// <summary>
/// Signals over Redis publish/subscribe. Without Redis, publishing fails immediately, and a subscription becomes active when Redis is
/// available; after each reconnect, it reports that signals may have been missed.
/// </summary>
public sealed partial class RedisJobSignals(IConnectionMultiplexer redis, ILogger<RedisJobSignals> logger) : IJobSignals
{
    private static readonly RedisChannel Finished = RedisChannel.Literal("mcpimagegen:job-finished");
    private static readonly RedisChannel Cancelled = RedisChannel.Literal("mcpimagegen:job-cancelled");

    /// <summary>How long a publisher waits for a Redis that is connected but does not respond.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    public Task PublishAsync(JobFinished signal, CancellationToken cancellationToken) =>
        PublishAsync(Finished, signal.JobId, cancellationToken);

    /// <inheritdoc/>
    public Task<IAsyncDisposable> SubscribeAsync(Action<JobFinished> onFinished, Action onMissed, CancellationToken cancellationToken) =>
        SubscribeAsync(Finished, job => onFinished(new JobFinished(job)), onMissed, cancellationToken);

    /// <inheritdoc/>
    public Task PublishAsync(JobCancelled signal, CancellationToken cancellationToken) =>
        PublishAsync(Cancelled, signal.JobId, cancellationToken);

    /// <inheritdoc/>
    public Task<IAsyncDisposable> SubscribeAsync(Action<JobCancelled> onCancelled, CancellationToken cancellationToken) =>
        SubscribeAsync(Cancelled, job => onCancelled(new JobCancelled(job)), () => { }, cancellationToken);

    private Task<long> PublishAsync(RedisChannel channel, Guid jobId, CancellationToken cancellationToken) =>
        redis.GetSubscriber().PublishAsync(channel, jobId.ToString()).WaitAsync(Limit, cancellationToken);

    private async Task<IAsyncDisposable> SubscribeAsync(
        RedisChannel channel, Action<Guid> onSignal, Action onMissed, CancellationToken cancellationToken)
    {
        var subscription = new Subscription(redis, channel, onSignal, onMissed, logger);
        await subscription.BeginAsync(cancellationToken);
        return subscription;
    }

    private sealed class Subscription(
        IConnectionMultiplexer redis, RedisChannel channel, Action<Guid> onSignal, Action onMissed, ILogger logger)
        : IAsyncDisposable
    {
        private volatile bool _ended;

        public async Task BeginAsync(CancellationToken cancellationToken)
        {
            redis.ConnectionRestored += TellMissed;
            try
            {
                await redis.GetSubscriber().SubscribeAsync(channel, Hear).WaitAsync(Limit, cancellationToken);
            }
            catch (Exception exception) when (exception is RedisException or TimeoutException)
            {
                // The subscription is kept and becomes active when Redis is available.
                Log.NotYet(logger, exception.Message);
            }
        }

        public async ValueTask DisposeAsync()
        {
            _ended = true;
            redis.ConnectionRestored -= TellMissed;
            await redis.GetSubscriber().UnsubscribeAsync(channel, Hear, CommandFlags.FireAndForget);
        }

        private void Hear(RedisChannel from, RedisValue payload)
        {
            if (_ended)
                return;
            if (Guid.TryParse((string?)payload, out var job))
                onSignal(job);
            else
                Log.Unreadable(logger, payload.Length());
        }

        private async void TellMissed(object? sender, ConnectionFailedEventArgs restored)
        {
            try
            {
                // The response follows that to the SUBSCRIBE sent on the same connection: from now on no signal is missed.
                await redis.GetSubscriber().PingAsync();
            }
            catch (RedisConnectionException)
            {
                // Only the command connection is restored so far, or both were lost again: ConnectionRestored will be raised again.
                return;
            }
            catch (Exception exception)
            {
                Log.NotAnswered(logger, exception.Message);
            }

            if (!_ended)
                onMissed();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Redis is unavailable; waiting calls may be delayed until it is back: {Reason}")]
        public static partial void NotYet(ILogger logger, string reason);

        [LoggerMessage(LogLevel.Warning, "Redis is connected again but does not respond: {Reason}")]
        public static partial void NotAnswered(ILogger logger, string reason);

        [LoggerMessage(LogLevel.Warning, "Ignored an invalid signal of {Length} bytes: it is not a job id")]
        public static partial void Unreadable(ILogger logger, long length);
    }
}
