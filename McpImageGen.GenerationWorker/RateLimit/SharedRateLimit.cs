using McpImageGen.GenerationWorker.WorkersAi;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace McpImageGen.GenerationWorker.RateLimit;

/// <summary>
/// The account's rate limit in one worker: shared through Redis or, while Redis is unavailable, an equal share for each live worker.
/// Redis may have lost its data when it comes back, so the worker also observes its own share for one more minute.
/// </summary>
public sealed partial class SharedRateLimit : IRateLimit, IDisposable
{
    private readonly RedisRateLimit _all;
    private readonly IConnectionMultiplexer _redis;
    private readonly TimeProvider _time;
    private readonly ILogger<SharedRateLimit> _logger;
    private readonly RateWindow _minute;
    private readonly InProcessRateLimit _share;
    private long _distrustedSince;
    private volatile bool _isDistrusted;
    private bool _isAway;

    public SharedRateLimit(
        RedisRateLimit all,
        IConnectionMultiplexer redis,
        WorkerContext worker,
        IOptions<WorkersAiOptions> options,
        TimeProvider time,
        ILogger<SharedRateLimit> logger)
    {
        (_all, _redis, _time, _logger) = (all, redis, time, logger);
        _minute = new RateWindow(options.Value.RateWindow);
        var limit = options.Value.RequestsPerMinute;
        _share = new InProcessRateLimit(
            () => Math.Min(limit, Math.Max(1, limit / worker.LiveWorkers)), _minute, time, turnsAreAnyones: true);
        _redis.ConnectionRestored += Distrust;
    }

    /// <inheritdoc/>
    public async Task<TimeSpan> TakeAsync(Guid jobId, CancellationToken cancellationToken)
    {
        try
        {
            var wait = await _all.TakeAsync(jobId, cancellationToken);
            LogOnce(isAway: false, "");
            if (wait > TimeSpan.Zero)
                return wait;
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException)
        {
            LogOnce(isAway: true, exception.Message);
            Distrust();
        }

        if (_isDistrusted && _time.GetElapsedTime(Volatile.Read(ref _distrustedSince)) < _minute.Counts)
            return await _share.TakeAsync(jobId, cancellationToken);
        _share.Count();
        return TimeSpan.Zero;
    }

    /// <inheritdoc/>
    public async Task LeaveAsync(Guid jobId, CancellationToken cancellationToken)
    {
        await _share.LeaveAsync(jobId, cancellationToken);
        try
        {
            await _all.LeaveAsync(jobId, cancellationToken);
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException)
        {
            // The place expires after its turn.
            LogOnce(isAway: true, exception.Message);
        }
    }

    public void Dispose() => _redis.ConnectionRestored -= Distrust;

    private void Distrust(object? sender, ConnectionFailedEventArgs restored)
    {
        if (restored.ConnectionType == ConnectionType.Interactive)
            Distrust();
    }

    private void Distrust()
    {
        Volatile.Write(ref _distrustedSince, _time.GetTimestamp());
        _isDistrusted = true;
    }

    private void LogOnce(bool isAway, string reason)
    {
        if (Interlocked.Exchange(ref _isAway, isAway) == isAway)
            return;
        if (isAway)
            Log.Away(_logger, reason);
        else
            Log.Back(_logger);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Redis is unavailable; until it is back, this worker uses its share of the account's requests per minute: {Reason}")]
        public static partial void Away(ILogger logger, string reason);

        [LoggerMessage(LogLevel.Warning, "Redis is available again; all workers share the account's requests per minute again")]
        public static partial void Back(ILogger logger);
    }
}
