using MassTransit;
using McpImageGen.Contracts;
using McpImageGen.Jobs;
using McpImageGen.Jobs.Claiming;
using McpImageGen.Jobs.Database;
using McpImageGen.Jobs.Scheduling;
using McpImageGen.Jobs.Submission;
using McpImageGen.Standalone.Embedded;
using McpImageGen.Tests.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace McpImageGen.Tests.Lifecycle;

public abstract class CancelTests : IAsyncLifetime
{
    private readonly InProcessJobSignals _signals = new();
    private JobsOnDatabase _jobs = null!;
    private JobCancellation _cancellation = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _jobs = await CreateAsync();
        await _jobs.Get<IBusControl>().StartAsync(Cancel);
        _cancellation = new JobCancellation(_jobs.Get<WriteExecutor>(), _signals, _jobs.Get<JobMetrics>(), NullLogger<JobCancellation>.Instance);
    }

    public async ValueTask DisposeAsync()
    {
        await _jobs.Get<IBusControl>().StopAsync(CancellationToken.None);
        await _jobs.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected abstract Task<JobsOnDatabase> CreateAsync();

    [Fact]
    public async Task Cancelled_pending_job_is_neither_claimed_nor_sent()
    {
        var ids = await _jobs.SubmitAsync(3);

        Assert.Equal(ids[..2].Order(), (await CancelAsync(ids[..2])).Order());

        var row = await _jobs.ReadAsync(ids[0]);
        Assert.Equal((JobStatus.Cancelled, ErrorCode.Cancelled, "Cancelled"), (row.Status, row.ErrorCode, row.Error));
        Assert.NotNull(row.FinishedAt);
        Assert.Null(await _jobs.Claims.ClaimAsync(ids[0], await _jobs.NewWorkerAsync(), Cancel));
        await _jobs.AdvanceAsync(JobRequeue.ResendAfter);
        Assert.Equal([ids[2]], await _jobs.TakeDueAsync());
    }

    [Fact]
    public async Task Cancelled_processing_job_rejects_the_result_of_its_worker()
    {
        var id = (await _jobs.SubmitAsync()).Single();
        var claimed = await _jobs.ClaimAsync(id, await _jobs.NewWorkerAsync());

        await CancelAsync(id);

        Assert.False(await _jobs.CompleteAsync(claimed));
        Assert.False(await _jobs.Claims.FailAsync(claimed, "code", "error", Cancel));
        Assert.False(await _jobs.Claims.RescheduleAsync(claimed, new RetryPlan(TimeSpan.Zero, "code", "reason"), Cancel));
        Assert.False(await _jobs.Claims.ReleaseAsync(claimed, Cancel));
        await _jobs.AdvanceAsync(TimeSpan.FromHours(1));
        Assert.Empty(await _jobs.Reclaim.ReclaimAsync(WorkerLiveness.NoWorkers, Cancel));
        var row = await _jobs.ReadAsync(id);
        Assert.Equal(JobStatus.Cancelled, row.Status);
        Assert.Null(row.ImageKey);
    }

    [Fact]
    public async Task Cancelled_rescheduled_job_has_no_error_of_the_last_attempt_and_is_not_sent()
    {
        var id = (await _jobs.SubmitAsync()).Single();
        var claimed = await _jobs.ClaimAsync(id, await _jobs.NewWorkerAsync());
        await _jobs.Claims.RescheduleAsync(claimed, new RetryPlan(TimeSpan.FromHours(1), "provider_error", "It fell over."), Cancel);

        await CancelAsync(id);

        var row = await _jobs.ReadAsync(id);
        Assert.Equal((ErrorCode.Cancelled, "Cancelled", null), (row.ErrorCode, row.Error, row.NextAttemptAt));
        await _jobs.AdvanceAsync(TimeSpan.FromHours(1));
        Assert.Empty(await _jobs.TakeDueAsync());
    }

    [Fact]
    public async Task Cancelling_a_finished_job_changes_nothing()
    {
        var ids = await _jobs.SubmitAsync(2);
        await _jobs.CompleteAsync(await _jobs.ClaimAsync(ids[0], await _jobs.NewWorkerAsync()));
        await CancelAsync(ids[1]);
        var before = await _jobs.ReadAsync(ids[1]);
        await _jobs.AdvanceAsync(TimeSpan.FromSeconds(1));

        Assert.Empty(await CancelAsync(ids));

        Assert.Equal(JobStatus.Completed, (await _jobs.ReadAsync(ids[0])).Status);
        Assert.Equal(before.FinishedAt, (await _jobs.ReadAsync(ids[1])).FinishedAt);
    }

    [Fact]
    public async Task Job_of_another_owner_cannot_be_cancelled()
    {
        var id = (await _jobs.SubmitAsync()).Single();

        Assert.Empty(await _cancellation.CancelAsync("ben", [id], Cancel));

        Assert.Equal(JobStatus.Pending, (await _jobs.ReadAsync(id)).Status);
    }

    [Fact]
    public async Task Concurrent_cancel_and_complete_have_one_winner()
    {
        var ids = await _jobs.SubmitAsync(20);
        var worker = await _jobs.NewWorkerAsync();
        foreach (var id in ids)
        {
            var claimed = await _jobs.ClaimAsync(id, worker);
            var cancel = Task.Run(() => CancelAsync(id), Cancel);
            var isCompleted = await _jobs.CompleteAsync(claimed);
            var isCancelled = (await cancel).Count == 1;

            Assert.NotEqual(isCompleted, isCancelled);
            Assert.Equal(isCompleted ? JobStatus.Completed : JobStatus.Cancelled, (await _jobs.ReadAsync(id)).Status);
        }
    }

    [Fact]
    public async Task Cancelling_signals_waiters_and_workers_once_per_job()
    {
        var ids = await _jobs.SubmitAsync(3);
        var finished = new List<Guid>();
        var cancelled = new List<Guid>();
        await using var waiter = await _signals.SubscribeAsync(signal => finished.Add(signal.JobId), () => { }, Cancel);
        await using var worker = await _signals.SubscribeAsync(signal => cancelled.Add(signal.JobId), Cancel);

        await CancelAsync(ids[..2]);
        await CancelAsync(ids[..2]);

        Assert.Equal(ids[..2].Order(), finished.Order());
        Assert.Equal(ids[..2].Order(), cancelled.Order());
    }

    [Fact]
    public async Task Cancelled_job_frees_its_slot_for_the_next_job_of_the_owner()
    {
        _jobs.Get<IOptions<JobsOptions>>().Value.UnfinishedPerOwner = 3;
        await _jobs.NewWorkerAsync(concurrency: 2);
        var ids = await _jobs.AcceptAsync(JobsOnDatabase.Owner, 3);

        await CancelAsync(ids[0]);

        Assert.Equal([ids[2]], await _jobs.TakeDueAsync());
        await _jobs.AcceptAsync(JobsOnDatabase.Owner, 1);
        await Assert.ThrowsAsync<TooManyJobsException>(() => _jobs.AcceptAsync(JobsOnDatabase.Owner, 1));
    }

    private Task<IReadOnlyList<Guid>> CancelAsync(params Guid[] ids) => _cancellation.CancelAsync(JobsOnDatabase.Owner, ids, Cancel);
}
