using System.Diagnostics.Metrics;
using System.Threading.Channels;
using CsCheck;
using McpImageGen.Contracts;
using McpImageGen.Jobs;
using McpImageGen.McpApi.Waiting;
using McpImageGen.Standalone.Embedded;
using McpImageGen.Tests.Telemetry;
using McpImageGen.Tests.Testing;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging.Abstractions;

namespace McpImageGen.Tests.Waiting;

public sealed class JobCompletionWaiterTests : IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(63);

    private readonly InProcessJobSignals _signals = new();
    private readonly ApplicationLifetime _lifetime = new(NullLogger<ApplicationLifetime>.Instance);
    private JobsOnDatabase _jobs = null!;
    private JobCompletionWaiter _waits = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _jobs = await JobsOnSqlite.CreateAsync();
        _waits = new JobCompletionWaiter(_jobs.Queries, _signals, _lifetime, _jobs.Get<IMeterFactory>(), _jobs.Time, NullLogger<JobCompletionWaiter>.Instance);
        await _waits.StartAsync(Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        await _waits.StopAsync(CancellationToken.None);
        _waits.Dispose();
        await _jobs.DisposeAsync();
    }

    [Fact]
    public async Task Signals_of_all_jobs_end_the_wait()
    {
        var ids = await _jobs.SubmitAsync(2);
        var wait = WaitAsync(ids);

        await FinishAsync(ids[0]);
        Assert.False(wait.IsCompleted);
        await FinishAsync(ids[1]);

        Assert.Equal(ids, (await wait)!.Select(job => job.Id));
        Assert.All((await wait)!, job => Assert.Equal(JobStatus.Completed, job.Status));
    }

    [Fact]
    public async Task Wait_for_a_finished_job_needs_no_signal()
    {
        var ids = await _jobs.SubmitAsync();
        await FinishAsync(ids[0], signal: false);

        Assert.Equal(JobStatus.Completed, Assert.Single((await WaitAsync(ids))!).Status);
    }

    [Fact]
    public async Task Lost_signal_only_delays_the_end_of_the_wait()
    {
        var ids = await _jobs.SubmitAsync();
        var wait = WaitAsync(ids);

        await FinishAsync(ids[0], signal: false);
        _jobs.Time.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(JobStatus.Completed, Assert.Single((await wait)!).Status);
    }

    [Fact]
    public async Task Signal_of_an_unfinished_job_does_not_end_the_wait()
    {
        var ids = await _jobs.SubmitAsync();
        var wait = WaitAsync(ids);

        await _signals.PublishAsync(new JobFinished(ids[0]), Cancel);
        await FinishAsync(ids[0]);

        Assert.Equal(JobStatus.Completed, Assert.Single((await wait)!).Status);
    }

    [Fact]
    public async Task Wait_at_its_time_limit_returns_the_current_jobs()
    {
        var ids = await _jobs.SubmitAsync(2);
        var wait = WaitAsync(ids);
        await FinishAsync(ids[1]);

        _jobs.Time.Advance(Limit);

        Assert.Equal([JobStatus.Pending, JobStatus.Completed], (await wait)!.Select(job => job.Status));
    }

    [Fact]
    public async Task Wait_on_a_stopping_server_returns_the_current_jobs()
    {
        var wait = WaitAsync(await _jobs.SubmitAsync());

        _lifetime.StopApplication();

        Assert.Equal(JobStatus.Pending, Assert.Single((await wait)!).Status);
    }

    [Fact]
    public async Task Cancelled_wait_does_not_affect_other_waits()
    {
        var ids = await _jobs.SubmitAsync();
        using var leaves = new CancellationTokenSource();
        var left = _waits.WaitAsync(JobsOnDatabase.Owner, ids, Limit, leaves.Token);
        var stayed = WaitAsync(ids);

        await leaves.CancelAsync();
        await FinishAsync(ids[0]);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        Assert.Equal(JobStatus.Completed, Assert.Single((await stayed)!).Status);
    }

    [Fact]
    public async Task Wait_for_unknown_jobs_or_jobs_of_other_owners_returns_null()
    {
        var ids = await _jobs.SubmitAsync();

        Assert.Null(await WaitAsync([ids[0], Guid.CreateVersion7()]));
        Assert.Null(await _waits.WaitAsync("ben", ids, Limit, Cancel));
    }

    [Fact]
    public async Task Wait_can_contain_the_same_job_twice()
    {
        var id = (await _jobs.SubmitAsync()).Single();
        var wait = WaitAsync([id, id]);

        await FinishAsync(id);

        Assert.Equal([id, id], (await wait)!.Select(job => job.Id));
    }

    [Fact]
    [Slow]
    public async Task A_thousand_waits_share_a_few_periodic_queries()
    {
        var ids = await _jobs.SubmitAsync(1000);
        var waits = ids.Select(id => WaitAsync([id])).ToList();
        var before = _jobs.Statements.Count;

        for (var seconds = 0; seconds < 60; seconds += 5)
            _jobs.Time.Advance(TimeSpan.FromSeconds(5));
        var last = await _jobs.SubmitAsync();
        var lastWait = WaitAsync(last);
        await FinishAsync(last[0]);
        await lastWait;

        // Two at the start and each tick, since one query reads at most 500 jobs, fewer where they fell together; and what the last job took.
        Assert.InRange(_jobs.Statements.Count - before, 2, (2 * 13) + 5);
        foreach (var id in ids)
            await FinishAsync(id);
        await Task.WhenAll(waits);
    }

    [Fact]
    public async Task Active_waits_are_measured()
    {
        using var metrics = new RecordedMetrics(_jobs.Get<IServiceProvider>());
        var ids = await _jobs.SubmitAsync();
        var wait = WaitAsync(ids);

        metrics.Observe("mcpimagegen.wait.active");
        Assert.Equal([1], metrics.Of("mcpimagegen.wait.active"));

        await FinishAsync(ids[0]);
        await wait;
        metrics.Observe("mcpimagegen.wait.active");
        Assert.Equal([0], metrics.Of("mcpimagegen.wait.active"));
    }

    [Fact]
    public async Task Wait_reports_progress_at_every_change_and_every_few_seconds()
    {
        var ids = await _jobs.SubmitAsync(2);
        var told = new Told();
        var wait = _waits.WaitAsync(JobsOnDatabase.Owner, ids, Limit, Cancel, told);
        Assert.Equal([JobStatus.Pending, JobStatus.Pending], await told.NextAsync());

        await FinishAsync(ids[0]);
        Assert.Equal([JobStatus.Completed, JobStatus.Pending], await told.NextAsync());

        _jobs.Time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal([JobStatus.Completed, JobStatus.Pending], await told.NextAsync());

        await FinishAsync(ids[1]);
        await wait;
        Assert.Equal([JobStatus.Completed, JobStatus.Completed], await told.LastAsync());
    }

    [Fact]
    public async Task Change_without_a_signal_is_reported_within_seconds()
    {
        var ids = await _jobs.SubmitAsync();
        var told = new Told();
        using var leaves = new CancellationTokenSource();
        var wait = _waits.WaitAsync(JobsOnDatabase.Owner, ids, Limit, leaves.Token, told);
        await told.NextAsync();

        await _jobs.ClaimAsync(ids[0], await _jobs.NewWorkerAsync());
        _jobs.Time.Advance(TimeSpan.FromSeconds(5));

        while (await told.NextAsync() is not [JobStatus.Processing])
        {
        }

        await leaves.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait);
    }

    [Fact]
    public Task Concurrent_waits_and_signals_miss_no_finished_job_and_leave_no_active_wait() => Gen.Int.SampleAsync(
        async seed =>
        {
            var random = new Random(seed);
            using var metrics = new RecordedMetrics(_jobs.Get<IServiceProvider>());
            var ids = await _jobs.SubmitAsync(3);
            using var leaves = new CancellationTokenSource();
            var waits = Enumerable.Range(0, 12).Select(_ => (
                Leaves: random.Next(4) == 0,
                Ids: Enumerable.Range(0, random.Next(1, 5)).Select(_ => ids[random.Next(ids.Length)]).ToArray(),
                Delay: random.Next(4),
                Told: random.Next(2) == 0 ? new Told() : null)).ToList();

            // No clock is advanced, so a missed signal is never made up for.
            var running = waits.Select(wait => Task.Run(async () =>
            {
                await Task.Delay(wait.Delay, Cancel);
                var jobs = await _waits.WaitAsync(JobsOnDatabase.Owner, wait.Ids, Limit, wait.Leaves ? leaves.Token : Cancel, wait.Told);
                Assert.Equal(wait.Ids, jobs!.Select(job => job.Id));
                Assert.All(jobs!, job => Assert.Equal(JobStatus.Completed, job.Status));
            }, Cancel)).ToList();
            foreach (var id in ids.OrderBy(_ => random.Next()).ToList())
                await FinishAsync(id);
            await leaves.CancelAsync();

            foreach (var (wait, task) in waits.Zip(running))
            {
                var ended = task.WaitAsync(Limit, Cancel);
                if (wait.Leaves)
                    await Task.WhenAny(ended);
                else
                    await ended;
            }

            metrics.Observe("mcpimagegen.wait.active");
            Assert.Equal(0, metrics.Of("mcpimagegen.wait.active")[^1]);
        },
        iter: 20, threads: 1);

    private Task<IReadOnlyList<GenerationJob>?> WaitAsync(Guid[] ids) => _waits.WaitAsync(JobsOnDatabase.Owner, ids, Limit, Cancel);

    private async Task FinishAsync(Guid id, bool signal = true)
    {
        await _jobs.CompleteAsync(await _jobs.ClaimAsync(id, await _jobs.NewWorkerAsync()));
        if (signal)
            await _signals.PublishAsync(new JobFinished(id), Cancel);
    }

    /// <summary>Keeps what it is told until the test asks.</summary>
    private sealed class Told : IProgress<IReadOnlyList<GenerationJob>>
    {
        private readonly Channel<string[]> _told = Channel.CreateUnbounded<string[]>();

        public void Report(IReadOnlyList<GenerationJob> value) => _told.Writer.TryWrite([.. value.Select(job => job.Status)]);

        public Task<string[]> NextAsync() => _told.Reader.ReadAsync(Cancel).AsTask().WaitAsync(Limit, Cancel);

        public async Task<string[]> LastAsync()
        {
            _told.Writer.Complete();
            return await _told.Reader.ReadAllAsync(Cancel).LastAsync(Cancel);
        }
    }
}
