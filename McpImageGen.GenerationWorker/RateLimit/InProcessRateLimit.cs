namespace McpImageGen.GenerationWorker.RateLimit;

/// <summary>The rate limit of one process, in its own memory. <see cref="RedisRateLimit"/> implements the same algorithm in Lua.</summary>
/// <param name="limit">The current limit of requests per minute; 0 for no limit.</param>
/// <param name="minute">The length of the window.</param>
/// <param name="turnsAreAnyones">
/// True if any job may use a turn that is due: for one of several workers, since a due job may be delivered to any of them.
/// </param>
public sealed class InProcessRateLimit(Func<int> limit, RateWindow minute, TimeProvider time, bool turnsAreAnyones = false) : IRateLimit
{
    private readonly Lock _lock = new();
    private readonly long _began = time.GetTimestamp();
    private readonly List<TimeSpan> _sent = [];
    private readonly List<Place> _line = [];

    /// <inheritdoc/>
    public Task<TimeSpan> TakeAsync(Guid jobId, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult(limit() is > 0 and var max ? Take(jobId, max) : TimeSpan.Zero);
        }
    }

    /// <inheritdoc/>
    public Task LeaveAsync(Guid jobId, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _line.RemoveAll(place => place.JobId == jobId);
        }

        return Task.CompletedTask;
    }

    /// <summary>Counts a request that another rate limit has already allowed.</summary>
    public void Count()
    {
        lock (_lock)
        {
            _sent.Add(RemoveExpired());
        }
    }

    private TimeSpan Take(Guid jobId, int max)
    {
        var now = RemoveExpired();
        var place = _line.FindIndex(one => one.JobId == jobId);
        if (place < 0 && turnsAreAnyones)
            place = _line.FindIndex(one => one.Turn <= now);
        var hasPlace = place >= 0;
        var ahead = hasPlace ? place : _line.Count;

        // A queued job may send when there is room; a new job only when there is room for the whole queue as well.
        if (_sent.Count + (hasPlace ? 0 : ahead) < max)
        {
            if (hasPlace)
                _line.RemoveAt(place);
            _sent.Add(now);
            return TimeSpan.Zero;
        }

        var turn = Later(TurnAt(_sent.Count + ahead, max, now), now + RateWindow.MinWait);
        if (!hasPlace)
            _line.Insert(_line.FindLastIndex(one => one.Turn <= turn) + 1, new Place(jobId, turn));
        return turn - now;
    }

    /// <summary>
    /// A turn comes when the request that is one full limit ahead no longer counts. That request may already be sent; if it is
    /// still queued and late, its own turn depends in the same way on the one that is one full limit ahead of it.
    /// </summary>
    private TimeSpan TurnAt(int position, int max, TimeSpan now)
    {
        var ahead = position - max;
        while (ahead >= _sent.Count && ahead >= max)
            ahead -= max;
        var turn = now;
        for (; ahead < position; ahead += max)
            turn = (ahead < _sent.Count ? _sent[ahead] : Later(turn, _line[ahead - _sent.Count].Turn)) + minute.Turn;
        return turn;
    }

    private static TimeSpan Later(TimeSpan one, TimeSpan another) => one > another ? one : another;

    private TimeSpan RemoveExpired()
    {
        var now = time.GetElapsedTime(_began);
        _sent.RemoveAll(sent => sent <= now - minute.Counts);
        _line.RemoveAll(place => place.Turn <= now - minute.KeepsPlace);
        return now;
    }

    private readonly record struct Place(Guid JobId, TimeSpan Turn);
}
