using System.Diagnostics.Metrics;
using System.Threading.Channels;
using McpImageGen.Contracts;
using McpImageGen.Jobs;
using McpImageGen.Jobs.Lifecycle;
using McpImageGen.Jobs.Signals;

namespace McpImageGen.McpApi.Waiting;

/// <summary>
/// Lets any number of calls wait for any number of jobs. Signals wake one loop, which reads all rows that were signalled in one query
/// and hands them to whoever waits for them; every few seconds it reads what is still waited for, in case a signal got lost.
/// </summary>
public sealed partial class JobWaits(
    JobQueries queries, IJobSignals signals, IHostApplicationLifetime lifetime, IMeterFactory meters, TimeProvider time, ILogger<JobWaits> logger)
    : BackgroundService
{
    /// <summary>The meter of what happens in one API.</summary>
    public const string MeterName = "McpImageGen.McpApi";

    private const int MostInOneQuery = 500;
    private static readonly TimeSpan Net = TimeSpan.FromSeconds(5);

    /// <summary>Some clients give a call up that says nothing for 5 s.</summary>
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(4);

    private readonly WaitedJobs _waited = new();

    /// <summary>Jobs that were signalled; null for "read all that are waited for".</summary>
    private readonly Channel<Guid?> _woken = Channel.CreateUnbounded<Guid?>(new UnboundedChannelOptions { SingleReader = true });

    /// <summary>
    /// Raised when a job was finished, whoever it belongs to, and every few seconds, in case a signal got lost.
    /// Handlers must return at once and must not throw.
    /// </summary>
    public event Action? Woken;

    /// <summary>True when waits end early because the server stops.</summary>
    public bool IsStopping => lifetime.ApplicationStopping.IsCancellationRequested;

    /// <summary>Waits until all of the owner's jobs are in their last state, the time is up, or the server stops.</summary>
    /// <param name="owner">Whose jobs.</param>
    /// <param name="ids">The jobs; one may be named twice.</param>
    /// <param name="limit">How long at most.</param>
    /// <param name="cancellationToken">Ends the wait, not the jobs.</param>
    /// <param name="progress">Told the jobs as they are: at the start, at each change, and at least every 5 s. It must return at once.</param>
    /// <returns>The jobs as they are then, in the order asked for; null when one is unknown or another owner's.</returns>
    public async Task<IReadOnlyList<GenerationJob>?> WaitAsync(
        string owner, IReadOnlyList<Guid> ids, TimeSpan limit, CancellationToken cancellationToken,
        IProgress<IReadOnlyList<GenerationJob>>? progress = null)
    {
        // Register first, then read: a job that finishes in between is seen by one or the other.
        using var registration = _waited.Register(ids);
        if (await ReadAsync(owner, ids, cancellationToken) is not { } jobs)
            return null;
        foreach (var job in jobs)
            _waited.Update(job);

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lifetime.ApplicationStopping);
        var reports = progress is null ? Task.CompletedTask : ReportAsync(registration, progress, stop.Token);
        try
        {
            var finished = await registration.AllFinished.WaitAsync(limit, time, stop.Token);
            await reports;
            return finished;
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
        {
            await stop.CancelAsync();
            await reports;
            cancellationToken.ThrowIfCancellationRequested();
            return await ReadAsync(owner, ids, cancellationToken);
        }
    }

    /// <summary>Reports until all of the jobs are finished or the wait ends.</summary>
    private async Task ReportAsync(
        WaitedJobs.Registration registration, IProgress<IReadOnlyList<GenerationJob>> progress, CancellationToken stop)
    {
        await using var beat = time.CreateTimer(_ => registration.Wake(), null, LongestSilence, LongestSilence);
        registration.Changes.TryRead(out _); // what was read at the start
        try
        {
            while (true)
            {
                var jobs = registration.Latest;
                progress.Report(jobs);
                if (jobs.All(job => JobStatus.IsFinal(job.Status)))
                    return;
                await registration.Changes.ReadAsync(stop);
            }
        }
        catch (OperationCanceledException)
        {
            // Nobody waits any more.
        }
    }

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        meters.Create(MeterName).CreateObservableUpDownCounter("mcpimagegen.wait.active", () => _waited.Calls, "{call}", "Calls that are waiting for jobs.");
        return base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await using var subscription = await signals.SubscribeAsync(
            signal => Wake(signal.JobId), ReadAllSoon, stoppingToken);
        await using var net = time.CreateTimer(_ => ReadAllSoon(), null, Net, Net);
        ReadAllSoon(); // what was signalled before the subscription
        while (await _woken.Reader.WaitToReadAsync(stoppingToken))
        {
            try
            {
                await HandOutAsync(stoppingToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                Log.NotRead(logger, exception.GetBaseException().Message);
            }
        }
    }

    private void ReadAllSoon() => Wake(null);

    private void Wake(Guid? id)
    {
        _woken.Writer.TryWrite(id);
        Woken?.Invoke();
    }

    private async Task HandOutAsync(CancellationToken cancellationToken)
    {
        var signalled = new List<Guid?>();
        while (_woken.Reader.TryRead(out var id))
            signalled.Add(id);

        var ids = signalled.Contains(null) ? _waited.All() : _waited.Among(signalled.OfType<Guid>().Distinct());
        foreach (var some in ids.Chunk(MostInOneQuery))
        {
            foreach (var job in await queries.AmongAsync(some, cancellationToken))
                _waited.Update(job);
        }
    }

    private async Task<IReadOnlyList<GenerationJob>?> ReadAsync(
        string owner, IReadOnlyList<Guid> ids, CancellationToken cancellationToken)
    {
        var found = (await queries.FindAsync(owner, ids.ToHashSet(), cancellationToken)).ToDictionary(job => job.Id);
        return ids.All(found.ContainsKey) ? [.. ids.Select(id => found[id])] : null;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Could not read the awaited jobs; retrying in a few seconds: {Reason}")]
        public static partial void NotRead(ILogger logger, string reason);
    }
}
