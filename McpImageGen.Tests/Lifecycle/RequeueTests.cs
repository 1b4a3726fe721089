using McpImageGen.Contracts;
using McpImageGen.Jobs.Claiming;
using McpImageGen.Jobs.Scheduling;
using McpImageGen.Tests.Testing;
using Microsoft.EntityFrameworkCore;

namespace McpImageGen.Tests.Lifecycle;

public abstract class RequeueTests : IAsyncLifetime
{
    private readonly Dictionary<Guid, ClaimedJob> _claims = [];
    private JobsOnDatabase _jobs = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _jobs = await CreateAsync();

    public async ValueTask DisposeAsync()
    {
        await _jobs.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected abstract Task<JobsOnDatabase> CreateAsync();

    [Fact]
    public async Task Unclaimed_job_is_requeued_after_15_s_and_then_at_doubling_intervals()
    {
        var job = (await _jobs.SubmitAsync()).Single();

        foreach (var seconds in new[] { 15, 15, 30, 60, 120 })
        {
            await _jobs.AdvanceAsync(TimeSpan.FromSeconds(seconds) - TimeSpan.FromMilliseconds(1));
            Assert.Empty(await _jobs.TakeDueAsync());
            await _jobs.AdvanceAsync(TimeSpan.FromMilliseconds(1));
            Assert.Equal([job], await _jobs.TakeDueAsync());
        }
    }

    [Fact]
    public async Task Rescheduled_job_is_requeued_when_its_next_attempt_is_due()
    {
        var job = (await _jobs.SubmitAsync()).Single();
        var claimed = await _jobs.ClaimAsync(job, await _jobs.NewWorkerAsync());
        await _jobs.Claims.RescheduleAsync(claimed, new RetryPlan(TimeSpan.FromSeconds(3), "provider_error", "It fell over."), Cancel);

        await _jobs.AdvanceAsync(TimeSpan.FromSeconds(2));
        Assert.Empty(await _jobs.TakeDueAsync());
        await _jobs.AdvanceAsync(TimeSpan.FromSeconds(1));
        Assert.Equal([job], await _jobs.TakeDueAsync());
    }

    [Fact]
    public async Task Requeued_message_contains_job_prompt_model_and_parameters()
    {
        var job = (await _jobs.SubmitAsync()).Single();
        await _jobs.AdvanceAsync(JobRequeue.ResendAfter);

        var command = Assert.Single(await _jobs.Requeue.TakeLostAsync(Cancel));

        Assert.Equal(new GenerateImage(job, "a prompt", "flux-schnell", GenerationParameters.ModelDefaults), command);
    }

    [Fact]
    public async Task Finished_jobs_are_neither_requeued_nor_reclaimed()
    {
        var ids = await _jobs.SubmitAsync(2);
        var worker = await _jobs.NewWorkerAsync();
        await _jobs.CompleteAsync(await _jobs.ClaimAsync(ids[0], worker));
        await _jobs.Claims.FailAsync(await _jobs.ClaimAsync(ids[1], worker), "code", "error", Cancel);

        await _jobs.AdvanceAsync(TimeSpan.FromDays(1));

        Assert.Empty(await _jobs.TakeDueAsync());
        Assert.Empty(await _jobs.ReclaimAsync());
    }

    [Fact]
    public async Task Job_of_a_worker_with_heartbeats_is_not_reclaimed()
    {
        var (job, worker) = await ProcessingAsync();

        for (var i = 0; i < 30; i++)
        {
            await BeatAsync(worker);
            Assert.Empty(await PassAsync(TimeSpan.FromSeconds(2)));
        }

        Assert.Equal(JobStatus.Processing, (await _jobs.ReadAsync(job)).Status);
    }

    [Fact]
    public async Task Job_of_a_worker_without_a_heartbeat_for_10_s_is_reclaimed_with_the_reason()
    {
        var (job, worker) = await ProcessingAsync();

        Assert.Empty(await PassAsync(TimeSpan.FromSeconds(9)));
        var reclaimed = Assert.Single(await PassAsync(TimeSpan.FromSeconds(1)));

        Assert.Equal((job, worker, ReclaimReason.WorkerSilent, false), (reclaimed.Id, reclaimed.WorkerId, reclaimed.Reason, reclaimed.Failed));
        var row = await _jobs.ReadAsync(job);
        Assert.Equal((JobStatus.Pending, 1, ReclaimReason.WorkerSilent, row.UpdatedAt), (row.Status, row.Takeovers, row.ReclaimReason, row.ReclaimedAt));
        Assert.Equal([job], await _jobs.TakeDueAsync());
    }

    [Fact]
    public async Task Job_of_a_worker_that_has_left_is_reclaimed_immediately()
    {
        await PassAsync(WorkerRegistry.Silence);
        var (job, worker) = await ProcessingAsync();

        await _jobs.Workers.LeaveAsync(worker, Cancel);

        Assert.Equal(job, Assert.Single(await _jobs.ReclaimAsync()).Id);
    }

    [Fact]
    public async Task Job_of_a_live_worker_is_reclaimed_when_its_lease_expires()
    {
        var (_, worker) = await ProcessingAsync();

        var reclaimed = new List<ReclaimedJob>();
        for (var i = 0; i < 76; i++)
        {
            Assert.Empty(reclaimed);
            await BeatAsync(worker);
            reclaimed.AddRange(await PassAsync(TimeSpan.FromSeconds(2)));
        }

        Assert.Equal(ReclaimReason.LeaseExpired, Assert.Single(reclaimed).Reason);
    }

    [Fact]
    public async Task Returning_worker_keeps_a_job_claimed_before_its_next_heartbeat()
    {
        var worker = await _jobs.NewWorkerAsync();
        await PassAsync(TimeSpan.FromSeconds(20));
        var job = (await _jobs.SubmitAsync()).Single();

        await _jobs.ClaimAsync(job, worker);

        Assert.Empty(await _jobs.ReclaimAsync());
        await BeatAsync(worker);
        Assert.Empty(await PassAsync(TimeSpan.FromSeconds(9)));
    }

    [Fact]
    public async Task Heartbeats_are_observed_again_after_a_database_outage_before_jobs_are_reclaimed()
    {
        var (_, worker) = await ProcessingAsync();
        await PassAsync(TimeSpan.FromSeconds(5));

        // Nothing could be read or written meanwhile.
        await _jobs.AdvanceAsync(TimeSpan.FromSeconds(60));

        Assert.Empty(await _jobs.ReclaimAsync());
        await BeatAsync(worker);
        Assert.Empty(await PassAsync(TimeSpan.FromSeconds(9)));
        Assert.Single(await PassAsync(TimeSpan.FromSeconds(1)));
    }

    [Theory]
    [InlineData(200)]
    [InlineData(7200)]
    [InlineData(-200)]
    [InlineData(-7200)]
    public async Task Clock_jump_of_the_database_reclaims_only_jobs_of_dead_workers(int seconds)
    {
        var (job, worker) = await ProcessingAsync();
        await PassAsync(TimeSpan.FromSeconds(12), worker);

        await _jobs.JumpAsync(TimeSpan.FromSeconds(seconds));

        Assert.Empty(await PassAsync(TimeSpan.FromSeconds(60), worker));
        Assert.Equal(job, Assert.Single(await PassAsync(TimeSpan.FromSeconds(12))).Id);
    }

    [Theory]
    [InlineData(200)]
    [InlineData(7200)]
    [InlineData(86400)]
    public async Task Jobs_are_not_delayed_when_the_database_clock_is_set_back(int seconds)
    {
        var sent = (await _jobs.SubmitAsync()).Single();
        var (putBack, worker) = await ProcessingAsync();
        await _jobs.Claims.RescheduleAsync(_claims[putBack], new RetryPlan(TimeSpan.FromSeconds(3), "provider_error", "It fell over."), Cancel);
        var (abandoned, _) = await ProcessingAsync();
        await PassAsync(TimeSpan.FromSeconds(2), worker);

        await _jobs.JumpAsync(TimeSpan.FromSeconds(-seconds));

        var reclaimed = await PassAsync(TimeSpan.FromSeconds(15), worker);
        Assert.Equal(abandoned, Assert.Single(reclaimed).Id);
        Assert.Equal(new[] { sent, putBack, abandoned }.Order(), (await _jobs.TakeDueAsync()).Order());
    }

    [Fact]
    public async Task Database_clock_set_back_while_unobserved_does_not_delay_jobs()
    {
        var (putBack, worker) = await ProcessingAsync();
        await _jobs.Claims.RescheduleAsync(_claims[putBack], new RetryPlan(TimeSpan.FromSeconds(3), "provider_error", "It fell over."), Cancel);
        await PassAsync(TimeSpan.FromSeconds(1), worker);

        await _jobs.AdvanceAsync(TimeSpan.FromMinutes(1));
        await _jobs.JumpAsync(TimeSpan.FromHours(-2));
        await PassAsync(TimeSpan.FromSeconds(4), worker);

        Assert.Equal([putBack], await _jobs.TakeDueAsync());
    }

    [Fact]
    public async Task Future_times_committed_after_the_clock_was_set_back_are_corrected()
    {
        var (_, worker) = await ProcessingAsync();
        await PassAsync(TimeSpan.FromSeconds(1), worker);
        await _jobs.JumpAsync(TimeSpan.FromSeconds(-200));
        await PassAsync(TimeSpan.FromSeconds(2), worker);

        var job = (await _jobs.SubmitAsync()).Single();
        await using (var context = await _jobs.ContextAsync())
        {
            await context.Jobs.Where(row => row.Id == job).ExecuteUpdateAsync(
                row => row
                    .SetProperty(one => one.UpdatedAt, one => one.UpdatedAt + 200_000)
                    .SetProperty(one => one.SentAt, one => one.SentAt + 200_000)
                    .SetProperty(one => one.SendAfter, one => one.SendAfter + 200_000),
                Cancel);
        }

        await PassAsync(JobRequeue.ResendAfter + TimeSpan.FromSeconds(1), worker);
        Assert.Equal([job], await _jobs.TakeDueAsync());
    }

    [Fact]
    public async Task Job_fails_after_too_many_reclaims()
    {
        var job = (await _jobs.SubmitAsync()).Single();
        var reclaimed = new List<ReclaimedJob>();
        for (var i = 0; i <= JobReclaim.MaxTakeovers; i++)
        {
            Assert.DoesNotContain(reclaimed, one => one.Failed);
            await _jobs.ClaimAsync(job, await _jobs.NewWorkerAsync());
            reclaimed.AddRange(await PassAsync(WorkerRegistry.Silence + TimeSpan.FromSeconds(1)));
        }

        Assert.True(reclaimed[^1].Failed);
        var row = await _jobs.ReadAsync(job);
        Assert.Equal((JobStatus.Failed, ErrorCode.WorkersLost), (row.Status, row.ErrorCode));
    }

    [Fact]
    public async Task Standalone_start_immediately_requeues_pending_and_processing_jobs()
    {
        var ids = await _jobs.SubmitAsync(3);
        var worker = await _jobs.NewWorkerAsync();
        await _jobs.ClaimAsync(ids[0], worker);
        await _jobs.Claims.RescheduleAsync(
            await _jobs.ClaimAsync(ids[2], worker), new RetryPlan(TimeSpan.FromSeconds(20), "provider_error", "It fell over."), Cancel);

        await _jobs.Reclaim.StartAloneAsync(Cancel);

        Assert.Equal(ids[..2].Order(), (await _jobs.TakeDueAsync()).Order());
        await _jobs.AdvanceAsync(TimeSpan.FromSeconds(20));
        Assert.Contains(ids[2], await _jobs.TakeDueAsync());
    }

    private async Task<(Guid Job, Guid Worker)> ProcessingAsync()
    {
        var job = (await _jobs.SubmitAsync()).Single();
        var worker = await _jobs.NewWorkerAsync();
        _claims[job] = await _jobs.ClaimAsync(job, worker);
        return (job, worker);
    }

    private Task BeatAsync(Guid worker) => _jobs.Workers.RecordHeartbeatAsync(worker, 64, "a test", Cancel);

    /// <summary>Lets time pass as the requeue loop sees it, second by second; the given worker sends its heartbeats.</summary>
    private async Task<IReadOnlyList<ReclaimedJob>> PassAsync(TimeSpan time, Guid? worker = null)
    {
        var reclaimed = new List<ReclaimedJob>(await _jobs.ReclaimAsync());
        for (var passed = TimeSpan.Zero; passed < time; passed += TimeSpan.FromSeconds(1))
        {
            await _jobs.AdvanceAsync(TimeSpan.FromSeconds(1));
            if (worker is { } beating)
                await BeatAsync(beating);
            reclaimed.AddRange(await _jobs.ReclaimAsync());
        }

        return reclaimed;
    }
}
