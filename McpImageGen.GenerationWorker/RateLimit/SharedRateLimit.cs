using McpImageGen.GenerationWorker.Generation;
using McpImageGen.GenerationWorker.WorkersAi;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace McpImageGen.GenerationWorker.RateLimit;

/// <summary>
/// The account's limit in one of its workers: shared through Redis, and while Redis is away an equal share for each worker that is alive.
/// A Redis that comes back may have forgotten what was sent, so for a minute more the worker keeps to its share as well.
/// </summary>
public sealed partial class SharedRateLimit : IRateLimit, IDisposable
{
    private readonly RedisRateLimit _all;
    private readonly IConnectionMultiplexer _redis;
    private readonly TimeProvider _time;
    private readonly ILogger<SharedRateLimit> _logger;
    private readonly SlidingMinute _minute;
    private readonly InProcessRateLimit _share;
    private long _remembersFrom;
    private bool _isAway;

    public SharedRateLimit(
        RedisRateLimit all,
        IConnectionMultiplexer redis,
        ThisWorker worker,
        IOptions<WorkersAiOptions> options,
        TimeProvider time,
        ILogger<SharedRateLimit> logger)
    {
        (_all, _redis, _time, _logger) = (all, redis, time, logger);
        _minute = new SlidingMinute(options.Value.RateWindow);
        var limit = options.Value.RequestsPerMinute;
        _share = new InProcessRateLimit(
            () => Math.Min(limit, Math.Max(1, limit / worker.WorkersAlive)), _minute, time, turnsAreAnyones: true);
        _redis.ConnectionRestored += Distrust;
    }

    /// <inheritdoc/>
    public async Task<TimeSpan> TakeAsync(Guid jobId, CancellationToken cancellationToken)
    {
        try
        {
            var wait = await _all.TakeAsync(jobId, cancellationToken);
            SayOnce(isAway: false, "");
            if (wait > TimeSpan.Zero)
                return wait;
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException)
        {
            SayOnce(isAway: true, exception.Message);
            Distrust();
        }

        if (_time.GetUtcNow().ToUnixTimeMilliseconds() < Volatile.Read(ref _remembersFrom))
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
            // The place is forgotten when its turn is long past.
            SayOnce(isAway: true, exception.Message);
        }
    }

    public void Dispose() => _redis.ConnectionRestored -= Distrust;

    private void Distrust(object? sender, ConnectionFailedEventArgs restored)
    {
        if (restored.ConnectionType == ConnectionType.Interactive)
            Distrust();
    }

    private void Distrust() => Volatile.Write(ref _remembersFrom, (_time.GetUtcNow() + _minute.Counts).ToUnixTimeMilliseconds());

    private void SayOnce(bool isAway, string reason)
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
        [LoggerMessage(LogLevel.Warning, "Redis is away; until it is back this worker keeps to its share of the account's requests a minute: {Reason}")]
        public static partial void Away(ILogger logger, string reason);

        [LoggerMessage(LogLevel.Warning, "Redis is back; the workers share the account's requests a minute again")]
        public static partial void Back(ILogger logger);
    }
}
