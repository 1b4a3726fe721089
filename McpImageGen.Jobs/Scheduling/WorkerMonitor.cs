using Microsoft.Extensions.Options;

namespace McpImageGen.Jobs.Scheduling;

/// <summary>
/// Observes the heartbeats of the workers. A worker is dead when its heartbeat has not changed for 10 s of this process's monotonic clock: no clock that is
/// wrong or jumps makes a live worker look dead, or a dead one alive.
/// </summary>
public sealed class WorkerMonitor(WorkerRegistry workers, IOptions<JobsOptions> options, TimeProvider time)
{
    /// <summary>After a longer gap between two observations everything is observed anew: heartbeats could not be seen, or not be written.</summary>
    private static readonly TimeSpan MaxGap = TimeSpan.FromSeconds(5);

    /// <summary>The database's clock may run this much faster or slower between two observations.</summary>
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromSeconds(2);

    /// <summary>How long after the clock was set back a transaction may still commit times that it read before.</summary>
    private static readonly TimeSpan MaxTransactionTime = TimeSpan.FromSeconds(30);

    private readonly Dictionary<Guid, (long Seen, long Since)> _heartbeats = [];
    private long? _lastObserved;
    private long _lastDatabaseTime;
    private long _observingSince;
    private long? _jumpedAheadAt;
    private long? _setBackAt;

    /// <summary>
    /// True if the database's clock was set back in the 30 s before the last observation, or may have been because of a gap: later times can appear in
    /// rows for as long as a transaction lasts.
    /// </summary>
    public bool ClockMayBeSetBack => _setBackAt is { } at && time.GetElapsedTime(at, _lastObserved!.Value) < MaxTransactionTime;

    /// <summary>Reads the heartbeats; call it about every second.</summary>
    /// <returns>Null until this process has observed for 10 s without a gap.</returns>
    public async Task<WorkerLiveness?> ObserveAsync(CancellationToken cancellationToken)
    {
        var (databaseTime, heartbeats) = await workers.ReadAsync(cancellationToken);
        var now = time.GetTimestamp();
        if (_lastObserved is not { } last || time.GetElapsedTime(last, now) > options.Value.RequeueEvery + MaxGap)
        {
            _heartbeats.Clear();
            _observingSince = now;
            _setBackAt = now;
        }
        else
        {
            CompareClocks(databaseTime, time.GetElapsedTime(last, now), now);
        }

        (_lastObserved, _lastDatabaseTime) = (now, databaseTime);
        foreach (var (id, seen) in heartbeats)
        {
            if (!_heartbeats.TryGetValue(id, out var known) || known.Seen != seen)
                _heartbeats[id] = (seen, now);
        }

        foreach (var gone in _heartbeats.Keys.Except(heartbeats.Keys).ToList())
            _heartbeats.Remove(gone);
        return time.GetElapsedTime(_observingSince, now) < WorkerRegistry.Silence
            ? null
            : new WorkerLiveness(
                [.. _heartbeats.Keys],
                [.. _heartbeats.Where(entry => time.GetElapsedTime(entry.Value.Since, now) < WorkerRegistry.Silence).Select(entry => entry.Key)],
                _jumpedAheadAt is not { } jumped || time.GetElapsedTime(jumped, now) > options.Value.Lease);
    }

    private void CompareClocks(long databaseTime, TimeSpan elapsed, long now)
    {
        var jump = TimeSpan.FromMilliseconds(databaseTime - _lastDatabaseTime) - elapsed;
        if (jump < -ClockTolerance)
            _setBackAt = now;
        else if (jump > ClockTolerance)
            _jumpedAheadAt = now;
    }
}

/// <summary>Which workers are alive, as observed by one process.</summary>
/// <param name="Known">The workers that have not left.</param>
/// <param name="Alive">Those of them whose heartbeat changed within the last 10 s.</param>
/// <param name="LeasesAreReliable">False after the database's clock has jumped ahead: leases then look expired that are not.</param>
public sealed record WorkerLiveness(IReadOnlyCollection<Guid> Known, IReadOnlyCollection<Guid> Alive, bool LeasesAreReliable)
{
    /// <summary>For the only process: no other has a worker.</summary>
    public static WorkerLiveness NoWorkers { get; } = new([], [], LeasesAreReliable: true);

    public bool IsAlive(Guid worker) => Alive.Contains(worker);
}
