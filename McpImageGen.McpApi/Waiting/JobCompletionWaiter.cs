using System.Diagnostics.Metrics;
using System.Threading.Channels;
using McpImageGen.Contracts;
using McpImageGen.Jobs;
using McpImageGen.Jobs.Queries;
using McpImageGen.Jobs.Signals;

namespace McpImageGen.McpApi.Waiting;

/// <summary>
/// Lets any number of calls wait for any number of jobs. Signals wake one loop, which reads the rows of all signalled jobs in one query
/// and passes them to the waiting calls. Every few seconds it reads all awaited jobs, in case a signal was lost.
/// </summary>
public sealed partial class JobCompletionWaiter(
    JobQueries queries, IJobSignals signals, IHostApplicationLifetime lifetime, IMeterFactory meters, TimeProvider time, ILogger<JobCompletionWaiter> logger)
    : BackgroundService
{
    /// <summary>The name of the API's meter.</summary>
    public const string MeterName = "McpImageGen.McpApi";

    private const int MaxInOneQuery = 500;
    private static readonly TimeSpan Net = TimeSpan.FromSeconds(5);

    /// <summary>Some clients abandon a call that sends nothing for 5 s.</summary>
    private static readonly TimeSpan MaxSilence = TimeSpan.FromSeconds(4);

    private readonly WaitRegistry _waited = new();

    /// <summary>The ids of signalled jobs; null means "read all awaited jobs".</summary>
    private readonly Channel<Guid?> _woken = Channel.CreateUnbounded<Guid?>(new UnboundedChannelOptions { SingleReader = true });

    /// <summary>
    /// Raised when a job of any owner is finished, and every few seconds in case a signal was lost.
    /// Handlers must return immediately and must not throw.
    /// </summary>
    public event Action? Woken;

    /// <summary>True if waits end early because the server is stopping.</summary>
    public bool IsStopping => lifetime.ApplicationStopping.IsCancellationRequested;

    /// <summary>Waits until all of the owner's jobs are finished, the time limit is reached, or the server stops.</summary>
    /// <param name="owner">The owner of the jobs.</param>
    /// <param name="ids">The job ids; duplicates are allowed.</param>
    /// <param name="limit">The time limit.</param>
    /// <param name="cancellationToken">Ends the wait, not the jobs.</param>
    /// <param name="progress">Receives the current state of the jobs at the start, at each change, and at least every 5 s. It must return immediately.</param>
    /// <returns>The current state of the jobs, in the requested order; null if one is unknown or belongs to another owner.</returns>
    public async Task<IReadOnlyList<GenerationJob>?> WaitAsync(
        string owner, IReadOnlyList<Guid> ids, TimeSpan limit, CancellationToken cancellationToken,
        IProgress<IReadOnlyList<GenerationJob>>? progress = null)
    {
        if (ids.Count == 0)
            return [];

        // Register first, then read: a job that finishes in between is noticed by one or the other.
        using var registration = Register(ids);
        return await ReadAsync(owner, ids, cancellationToken) is { } jobs
            ? await WaitAsync(owner, registration, jobs, limit, progress, cancellationToken)
            : null;
    }

    /// <summary>
    /// Registers a wait for jobs that are about to be submitted, so that they need not be read after that: a job that finishes immediately is noticed.
    /// </summary>
    /// <returns>Ends the wait when it is disposed of.</returns>
    internal WaitRegistry.Registration Register(IEnumerable<Guid> ids) => _waited.Register([.. ids]);

    /// <summary>Waits for the jobs of a registration.</summary>
    /// <param name="owner">The owner of the jobs.</param>
    /// <param name="registration">The registration.</param>
    /// <param name="jobs">The jobs as they were submitted or read after the registration.</param>
    /// <inheritdoc cref="WaitAsync(string, IReadOnlyList{Guid}, TimeSpan, CancellationToken, IProgress{IReadOnlyList{GenerationJob}}?)"/>
    internal async Task<IReadOnlyList<GenerationJob>?> WaitAsync(
        string owner, WaitRegistry.Registration registration, IReadOnlyList<GenerationJob> jobs, TimeSpan limit,
        IProgress<IReadOnlyList<GenerationJob>>? progress, CancellationToken cancellationToken)
    {
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
            return await ReadAsync(owner, registration.Ids, cancellationToken);
        }
    }

    /// <summary>Reports until all of the jobs are finished or the wait ends.</summary>
    private async Task ReportAsync(
        WaitRegistry.Registration registration, IProgress<IReadOnlyList<GenerationJob>> progress, CancellationToken stop)
    {
        await using var beat = time.CreateTimer(_ => registration.Wake(), null, MaxSilence, MaxSilence);
        registration.Changes.TryRead(out _); // discards the change from the initial read
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
            // The wait has ended.
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
        ReadAllSoon(); // finds jobs that were signalled before the subscription
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
        foreach (var some in ids.Chunk(MaxInOneQuery))
        {
            foreach (var job in await queries.FindOfAnyOwnerAsync(some, cancellationToken))
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
