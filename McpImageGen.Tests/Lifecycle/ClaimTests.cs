using McpImageGen.Contracts;
using McpImageGen.Jobs.Claiming;
using McpImageGen.Jobs.Scheduling;
using McpImageGen.Tests.Testing;

namespace McpImageGen.Tests.Lifecycle;

public abstract class ClaimTests : IAsyncLifetime
{
    private JobsOnDatabase _jobs = null!;
    private Guid _job;
    private Guid _worker;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _jobs = await CreateAsync();
        _job = (await _jobs.SubmitAsync()).Single();
        _worker = await _jobs.NewWorkerAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _jobs.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected abstract Task<JobsOnDatabase> CreateAsync();

    [Fact]
    public async Task Claimed_job_is_processing_with_claim_worker_and_lease()
    {
        var claimed = await _jobs.ClaimAsync(_job, _worker);

        var row = await _jobs.ReadAsync(_job);
        Assert.Equal(JobStatus.Processing, row.Status);
        Assert.Equal(claimed.Claim, row.Claim);
        Assert.Equal(_worker, row.WorkerId);
        Assert.Equal(1, row.Attempts);
        Assert.Equal(claimed.ClaimedAt + 150_000, row.LeaseUntil);
        Assert.Equal(claimed.ClaimedAt + 3_600_000, row.RetryUntil);
    }

    [Fact]
    public async Task Only_one_concurrent_claim_succeeds()
    {
        var claims = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => _jobs.Claims.ClaimAsync(_job, _worker, Cancel)));

        Assert.Single(claims, claim => claim is not null);
        Assert.Equal(1, (await _jobs.ReadAsync(_job)).Attempts);
    }

    [Fact]
    public async Task Unknown_job_cannot_be_claimed() =>
        Assert.Null(await _jobs.Claims.ClaimAsync(Guid.CreateVersion7(), _worker, Cancel));

    [Fact]
    public async Task Completed_job_has_its_image_and_cannot_be_claimed()
    {
        var claimed = await _jobs.ClaimAsync(_job, _worker);

        Assert.True(await _jobs.CompleteAsync(claimed));

        var row = await _jobs.ReadAsync(_job);
        Assert.Equal(JobStatus.Completed, row.Status);
        Assert.Equal($"{claimed.Claim:n}.jpg", row.ImageKey?.ToString());
        Assert.Equal("image/jpeg", row.ContentType);
        Assert.Equal(43.2, row.Neurons);
        Assert.NotNull(row.FinishedAt);
        Assert.Null(await _jobs.Claims.ClaimAsync(_job, _worker, Cancel));
    }

    [Fact]
    public async Task Recorded_generation_time_is_the_estimate_but_not_later_than_the_completion()
    {
        var claimed = await _jobs.ClaimAsync(_job, _worker);
        await _jobs.CompleteAsync(claimed, generatedAt: claimed.ClaimedAt);
        Assert.Equal(claimed.ClaimedAt, (await _jobs.ReadAsync(_job)).GeneratedAt);

        var other = await _jobs.ClaimAsync((await _jobs.SubmitAsync()).Single(), _worker);
        await _jobs.CompleteAsync(other, generatedAt: other.ClaimedAt + 60_000);
        var row = await _jobs.ReadAsync(other.Id);
        Assert.Equal(row.FinishedAt, row.GeneratedAt);
    }

    [Fact]
    public async Task Complete_is_idempotent_for_the_same_claim()
    {
        // As after a lost connection, when nobody knows whether the first time was carried out.
        var claimed = await _jobs.ClaimAsync(_job, _worker);

        Assert.True(await _jobs.CompleteAsync(claimed));
        Assert.True(await _jobs.CompleteAsync(claimed));
    }

    [Fact]
    public async Task Lost_claim_cannot_complete_fail_reschedule_or_release_the_job()
    {
        var lost = await _jobs.ClaimAsync(_job, _worker);
        await _jobs.AdvanceAsync(TimeSpan.FromMinutes(3));
        await _jobs.Reclaim.ReclaimAsync(WorkerLiveness.NoWorkers, Cancel);
        var holder = await _jobs.ClaimAsync(_job, await _jobs.NewWorkerAsync());

        Assert.False(await _jobs.CompleteAsync(lost));
        Assert.False(await _jobs.Claims.FailAsync(lost, "code", "error", Cancel));
        Assert.False(await _jobs.Claims.RescheduleAsync(lost, new RetryPlan(TimeSpan.Zero, "code", "reason"), Cancel));
        Assert.False(await _jobs.Claims.ReleaseAsync(lost, Cancel));
        Assert.Equal(holder.Claim, (await _jobs.ReadAsync(_job)).Claim);
        Assert.True(await _jobs.CompleteAsync(holder));
    }

    [Fact]
    public async Task Rescheduled_job_is_pending_with_the_reason_and_claimable_when_due()
    {
        var claimed = await _jobs.ClaimAsync(_job, _worker);

        await _jobs.Claims.RescheduleAsync(claimed, new RetryPlan(TimeSpan.FromSeconds(5), "provider_error", "It fell over."), Cancel);

        var row = await _jobs.ReadAsync(_job);
        Assert.Equal(JobStatus.Pending, row.Status);
        Assert.Equal(("provider_error", "It fell over."), (row.ErrorCode, row.Error));
        Assert.Null(await _jobs.Claims.ClaimAsync(_job, _worker, Cancel));
        await _jobs.AdvanceAsync(TimeSpan.FromSeconds(5));
        var again = await _jobs.ClaimAsync(_job, _worker);
        Assert.Equal(2, again.Attempts);
        Assert.Equal(claimed.RetryUntil, again.RetryUntil);
    }

    [Fact]
    public async Task Quota_delay_extends_the_retry_deadline()
    {
        var claimed = await _jobs.ClaimAsync(_job, _worker);
        var untilMidnight = TimeSpan.FromHours(9);

        await _jobs.Claims.RescheduleAsync(claimed, new RetryPlan(untilMidnight, "quota_used_up", "Tomorrow.", StartsAfresh: true), Cancel);

        Assert.Equal(claimed.RetryUntil + (long)untilMidnight.TotalMilliseconds, (await _jobs.ReadAsync(_job)).RetryUntil);
    }

    [Fact]
    public async Task Deferred_job_counts_no_attempt_and_keeps_its_full_retry_time()
    {
        var heldBack = new RetryPlan(TimeSpan.FromMinutes(5), "rate_limited", "Its turn comes.", IsDeferred: true);
        await _jobs.Claims.RescheduleAsync(await _jobs.ClaimAsync(_job, _worker), heldBack, Cancel);

        var row = await _jobs.ReadAsync(_job);
        Assert.Equal((0, 0), (row.Attempts, row.Takeovers));
        Assert.Null(row.RetryUntil);
        Assert.Equal("rate_limited", row.ErrorCode);

        await _jobs.AdvanceAsync(heldBack.Delay);
        var first = await _jobs.ClaimAsync(_job, _worker);
        Assert.Equal(1, first.Attempts);
        Assert.Equal(first.ClaimedAt + 3_600_000, first.RetryUntil);

        await _jobs.Claims.RescheduleAsync(first, new RetryPlan(TimeSpan.Zero, "provider_error", "It fell over."), Cancel);
        await _jobs.Claims.RescheduleAsync(await _jobs.ClaimAsync(_job, _worker), heldBack, Cancel);
        row = await _jobs.ReadAsync(_job);
        Assert.Equal(1, row.Attempts);
        Assert.Equal(first.RetryUntil + 300_000, row.RetryUntil);
    }

    [Fact]
    public async Task Released_job_counts_no_attempt_and_is_due_immediately()
    {
        await _jobs.Claims.ReleaseAsync(await _jobs.ClaimAsync(_job, _worker), Cancel);

        Assert.Equal(0, (await _jobs.ReadAsync(_job)).Attempts);
        Assert.Equal([_job], await _jobs.TakeDueAsync());
    }

    [Fact]
    public async Task Job_completed_after_a_failed_attempt_has_no_error()
    {
        var first = await _jobs.ClaimAsync(_job, _worker);
        await _jobs.Claims.RescheduleAsync(first, new RetryPlan(TimeSpan.Zero, "provider_error", "It fell over."), Cancel);

        await _jobs.CompleteAsync(await _jobs.ClaimAsync(_job, _worker));

        var row = await _jobs.ReadAsync(_job);
        Assert.Null(row.Error);
        Assert.Null(row.ErrorCode);
    }
}
