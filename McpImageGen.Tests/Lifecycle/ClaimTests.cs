using McpImageGen.Contracts;
using McpImageGen.Jobs.Lifecycle;
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
    public async Task A_claimed_job_is_processing_under_the_claim_and_its_lease()
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
    public async Task Of_many_who_claim_one_job_at_once_one_gets_it()
    {
        var claims = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => _jobs.Claims.ClaimAsync(_job, _worker, Cancel)));

        Assert.Single(claims, claim => claim is not null);
        Assert.Equal(1, (await _jobs.ReadAsync(_job)).Attempts);
    }

    [Fact]
    public async Task An_unknown_job_is_not_to_be_had() =>
        Assert.Null(await _jobs.Claims.ClaimAsync(Guid.CreateVersion7(), _worker, Cancel));

    [Fact]
    public async Task A_completed_job_has_its_image_and_no_claim_is_to_be_had()
    {
        var claimed = await _jobs.ClaimAsync(_job, _worker);

        Assert.True(await _jobs.CompleteAsync(claimed));

        var row = await _jobs.ReadAsync(_job);
        Assert.Equal(JobStatus.Completed, row.Status);
        Assert.Equal($"{claimed.Claim:n}.jpg", row.ImageKey);
        Assert.Equal("image/jpeg", row.ContentType);
        Assert.Equal(43.2, row.Neurons);
        Assert.NotNull(row.FinishedAt);
        Assert.Null(await _jobs.Claims.ClaimAsync(_job, _worker, Cancel));
    }

    [Fact]
    public async Task The_recorded_time_of_generation_is_the_estimate_but_never_after_the_end()
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
    public async Task Completing_twice_under_one_claim_is_completing_once()
    {
        // As after a lost connection, when nobody knows whether the first time was carried out.
        var claimed = await _jobs.ClaimAsync(_job, _worker);

        Assert.True(await _jobs.CompleteAsync(claimed));
        Assert.True(await _jobs.CompleteAsync(claimed));
    }

    [Fact]
    public async Task Whoever_lost_the_claim_can_neither_complete_nor_fail_nor_put_back()
    {
        var lost = await _jobs.ClaimAsync(_job, _worker);
        await _jobs.AdvanceAsync(TimeSpan.FromMinutes(3));
        await _jobs.Requeue.ReclaimAsync(WorkerLiveness.NoWorkers, Cancel);
        var holder = await _jobs.ClaimAsync(_job, await _jobs.NewWorkerAsync());

        Assert.False(await _jobs.CompleteAsync(lost));
        Assert.False(await _jobs.Claims.FailAsync(lost, "code", "error", Cancel));
        Assert.False(await _jobs.Claims.RescheduleAsync(lost, new RetryPlan(TimeSpan.Zero, "code", "reason"), Cancel));
        Assert.False(await _jobs.Claims.ReleaseAsync(lost, Cancel));
        Assert.Equal(holder.Claim, (await _jobs.ReadAsync(_job)).Claim);
        Assert.True(await _jobs.CompleteAsync(holder));
    }

    [Fact]
    public async Task A_job_put_back_is_pending_with_the_reason_and_claimed_when_its_time_has_come()
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
    public async Task A_wait_that_is_no_fault_of_the_jobs_starts_its_time_for_retries_afresh()
    {
        var claimed = await _jobs.ClaimAsync(_job, _worker);
        var untilMidnight = TimeSpan.FromHours(9);

        await _jobs.Claims.RescheduleAsync(claimed, new RetryPlan(untilMidnight, "quota_used_up", "Tomorrow.", StartsAfresh: true), Cancel);

        Assert.Equal(claimed.RetryUntil + (long)untilMidnight.TotalMilliseconds, (await _jobs.ReadAsync(_job)).RetryUntil);
    }

    [Fact]
    public async Task A_job_held_back_has_not_been_attempted_and_keeps_all_its_time_for_retries()
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
    public async Task A_job_given_back_has_not_been_attempted_and_is_due_at_once()
    {
        await _jobs.Claims.ReleaseAsync(await _jobs.ClaimAsync(_job, _worker), Cancel);

        Assert.Equal(0, (await _jobs.ReadAsync(_job)).Attempts);
        Assert.Equal([_job], await _jobs.TakeDueAsync());
    }

    [Fact]
    public async Task A_job_completed_after_a_failure_shows_none()
    {
        var first = await _jobs.ClaimAsync(_job, _worker);
        await _jobs.Claims.RescheduleAsync(first, new RetryPlan(TimeSpan.Zero, "provider_error", "It fell over."), Cancel);

        await _jobs.CompleteAsync(await _jobs.ClaimAsync(_job, _worker));

        var row = await _jobs.ReadAsync(_job);
        Assert.Null(row.Error);
        Assert.Null(row.ErrorCode);
    }
}
