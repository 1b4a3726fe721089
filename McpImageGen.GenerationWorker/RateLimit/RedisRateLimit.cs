using McpImageGen.GenerationWorker.WorkersAi;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace McpImageGen.GenerationWorker.RateLimit;

/// <summary>
/// The rate limit shared by all workers of one account, kept in Redis and based on its clock. When Redis is unavailable, calls fail
/// within a second with a <see cref="RedisException"/> or a <see cref="TimeoutException"/>.
/// </summary>
public sealed class RedisRateLimit(IConnectionMultiplexer redis, IOptions<WorkersAiOptions> options) : IRateLimit
{
    /// <summary>How long a job waits for a Redis that is connected but does not respond.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);

    /// <summary>The algorithm of <see cref="InProcessRateLimit"/>; see the comments there. Times are in milliseconds.</summary>
    private const string Script = """
        local sent, line = KEYS[1], KEYS[2]
        local job, request, limit = ARGV[1], ARGV[2], tonumber(ARGV[3])
        local counts, spacing, keepsPlace, shortestWait = tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6]), tonumber(ARGV[7])
        local now = tonumber(ARGV[8])
        if not now then
            local time = redis.call('TIME')
            now = time[1] * 1000 + math.floor(time[2] / 1000)
        end

        -- After its clock was set back, Redis would count requests for as long as it was ahead.
        if redis.call('ZCOUNT', sent, now + 1000, '+inf') > 0 then
            for _, early in ipairs(redis.call('ZRANGEBYSCORE', sent, now + 1000, '+inf')) do
                redis.call('ZADD', sent, now, early)
            end
            redis.call('DEL', line)
        end

        redis.call('ZREMRANGEBYSCORE', sent, '-inf', now - counts)
        redis.call('ZREMRANGEBYSCORE', line, '-inf', now - keepsPlace)
        local count = redis.call('ZCARD', sent)
        local place = redis.call('ZRANK', line, job)
        local ahead = place or redis.call('ZCARD', line)

        if count + (place and 0 or ahead) < limit then
            redis.call('ZREM', line, job)
            redis.call('ZADD', sent, now, request)
            redis.call('PEXPIRE', sent, spacing)
            return 0
        end

        local position = count + ahead
        local before = position - limit
        while before >= count and before >= limit do
            before = before - limit
        end
        local turn = now
        while before < position do
            if before < count then
                turn = redis.call('ZRANGE', sent, before, before, 'WITHSCORES')[2] + spacing
            else
                turn = math.max(turn, tonumber(redis.call('ZRANGE', line, before - count, before - count, 'WITHSCORES')[2])) + spacing
            end
            before = before + limit
        end
        turn = math.max(turn, now + shortestWait)
        if not place then
            redis.call('ZADD', line, turn, job)
            local last = redis.call('ZRANGE', line, -1, -1, 'WITHSCORES')[2]
            redis.call('PEXPIRE', line, last - now + keepsPlace)
        end
        return turn - now
        """;

    private readonly RedisKey _sent = $"mcpimagegen:rate:{{{options.Value.Account}}}:sent";
    private readonly RedisKey _line = $"mcpimagegen:rate:{{{options.Value.Account}}}:line";

    private readonly RateWindow _minute = new(options.Value.RateWindow);

    /// <summary>The current time in Unix milliseconds; null to use Redis' clock, which all workers share.</summary>
    internal Func<long>? Now { get; init; }

    /// <inheritdoc/>
    public async Task<TimeSpan> TakeAsync(Guid jobId, CancellationToken cancellationToken)
    {
        if (options.Value.RequestsPerMinute == 0)
            return TimeSpan.Zero;
        RedisValue[] arguments =
        [
            jobId.ToString(), Guid.CreateVersion7().ToString(), options.Value.RequestsPerMinute, Milliseconds(_minute.Counts),
            Milliseconds(_minute.Turn), Milliseconds(_minute.KeepsPlace), Milliseconds(RateWindow.MinWait),
            Now?.Invoke() ?? RedisValue.EmptyString,
        ];
        var wait = await redis.GetDatabase().ScriptEvaluateAsync(Script, [_sent, _line], arguments).WaitAsync(Limit, cancellationToken);
        return TimeSpan.FromMilliseconds((long)wait);
    }

    /// <inheritdoc/>
    public Task LeaveAsync(Guid jobId, CancellationToken cancellationToken) => options.Value.RequestsPerMinute == 0
        ? Task.CompletedTask
        : redis.GetDatabase().SortedSetRemoveAsync(_line, jobId.ToString()).WaitAsync(Limit, cancellationToken);

    private static long Milliseconds(TimeSpan time) => (long)time.TotalMilliseconds;
}
