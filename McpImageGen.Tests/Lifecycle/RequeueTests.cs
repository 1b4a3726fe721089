using McpImageGen.Contracts;
using McpImageGen.Jobs.Lifecycle;
using McpImageGen.Tests.Testing;

namespace McpImageGen.Tests.Lifecycle;

public abstract class RequeueTests : IAsyncLifetime
{
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
    public async Task A_job_that_nobody_took_is_sent_again_after_15_s_and_then_at_doubling_intervals()
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
    public async Task A_job_that_was_put_back_is_sent_when_its_next_attempt_is_due()
    {
        var job = (await _jobs.SubmitAsync()).Single();
        var claimed = await _jobs.ClaimAsync(job, await _jobs.NewWorkerAsync());
        await _jobs.Claims.PutBackAsync(claimed, new RetryLater(TimeSpan.FromSeconds(3), "provider_error", "It fell over."), Cancel);

        await _jobs.AdvanceAsync(TimeSpan.FromSeconds(2));
        Assert.Empty(await _jobs.TakeDueAsync());
        await _jobs.AdvanceAsync(TimeSpan.FromSeconds(1));
        Assert.Equal([job], await _jobs.TakeDueAsync());
    }

    [Fact]
    public async Task What_is_sent_carries_all_that_a_worker_needs()
    {
        var job = (await _jobs.SubmitAsync()).Single();
        await _jobs.AdvanceAsync(JobRequeue.ResendAfter);

        var command = Assert.Single(await _jobs.Requeue.TakeLostAsync(Cancel));

        Assert.Equal(new GenerateImage(job, "a prompt", "flux-schnell", GenerationParameters.ModelDefaults), command);
    }

    [Fact]
    public async Task Finished_jobs_are_never_sent()
    {
        var ids = await _jobs.SubmitAsync(2);
        var worker = await _jobs.NewWorkerAsync();
        await _jobs.CompleteAsync(await _jobs.ClaimAsync(ids[0], worker));
        await _jobs.Claims.FailAsync(await _jobs.ClaimAsync(ids[1], worker), "code", "error", Cancel);

        await _jobs.AdvanceAsync(TimeSpan.FromDays(1));

        Assert.Empty(await _jobs.TakeDueAsync());
        Assert.Empty(await _jobs.Requeue.TakeOverOrphansAsync(Cancel));
    }

    [Fact]
    public async Task The_job_of_a_worker_that_is_alive_stays_its_own()
    {
        var job = (await _jobs.SubmitAsync()).Single();
        var worker = await _jobs.NewWorkerAsync();
        await _jobs.ClaimAsync(job, worker);

        for (var i = 0; i < 30; i++)
        {
            await _jobs.AdvanceAsync(TimeSpan.FromSeconds(2));
            await _jobs.Workers.SayAsync(worker, 64, "a test", Cancel);
            await _jobs.Requeue.TakeOverOrphansAsync(Cancel);
        }

        Assert.Equal(JobStatus.Processing, (await _jobs.ReadAsync(job)).Status);
    }

    [Fact]
    public async Task The_job_of_a_worker_that_is_silent_for_10_s_is_taken_over()
    {
        var job = (await _jobs.SubmitAsync()).Single();
        await _jobs.ClaimAsync(job, await _jobs.NewWorkerAsync());

        await _jobs.AdvanceAsync(TimeSpan.FromSeconds(9));
        await _jobs.Requeue.TakeOverOrphansAsync(Cancel);
        Assert.Equal(JobStatus.Processing, (await _jobs.ReadAsync(job)).Status);
        await _jobs.AdvanceAsync(TimeSpan.FromSeconds(1));
        await _jobs.Requeue.TakeOverOrphansAsync(Cancel);

        Assert.Equal(JobStatus.Pending, (await _jobs.ReadAsync(job)).Status);
        Assert.Equal([job], await _jobs.TakeDueAsync());
    }

    [Fact]
    public async Task The_job_of_a_worker_that_has_left_is_taken_over_at_once()
    {
        var job = (await _jobs.SubmitAsync()).Single();
        var worker = await _jobs.NewWorkerAsync();
        await _jobs.ClaimAsync(job, worker);

        await _jobs.Workers.LeaveAsync(worker, Cancel);
        await _jobs.Requeue.TakeOverOrphansAsync(Cancel);

        Assert.Equal(JobStatus.Pending, (await _jobs.ReadAsync(job)).Status);
    }

    [Fact]
    public async Task A_lease_that_is_over_ends_even_the_claim_of_a_worker_that_is_alive()
    {
        var job = (await _jobs.SubmitAsync()).Single();
        var worker = await _jobs.NewWorkerAsync();
        await _jobs.ClaimAsync(job, worker);

        await _jobs.AdvanceAsync(TimeSpan.FromSeconds(151));
        await _jobs.Workers.SayAsync(worker, 64, "a test", Cancel);
        await _jobs.Requeue.TakeOverOrphansAsync(Cancel);

        Assert.Equal(JobStatus.Pending, (await _jobs.ReadAsync(job)).Status);
    }

    [Fact]
    public async Task A_job_whose_workers_die_again_and_again_fails_at_last()
    {
        var job = (await _jobs.SubmitAsync()).Single();
        var failed = new List<Guid>();
        for (var i = 0; i <= JobRequeue.MostTakeovers; i++)
        {
            Assert.Empty(failed);
            await _jobs.ClaimAsync(job, await _jobs.NewWorkerAsync());
            await _jobs.AdvanceAsync(JobRequeue.WorkerSilence);
            failed.AddRange(await _jobs.Requeue.TakeOverOrphansAsync(Cancel));
        }

        Assert.Equal([job], failed);
        var row = await _jobs.ReadAsync(job);
        Assert.Equal(JobStatus.Failed, row.Status);
        Assert.Equal(FailureCode.WorkersLost, row.ErrorCode);
    }

    [Fact]
    public async Task Who_starts_alone_takes_up_at_once_what_was_under_way()
    {
        var ids = await _jobs.SubmitAsync(3);
        var worker = await _jobs.NewWorkerAsync();
        await _jobs.ClaimAsync(ids[0], worker);
        await _jobs.Claims.PutBackAsync(
            await _jobs.ClaimAsync(ids[2], worker), new RetryLater(TimeSpan.FromSeconds(20), "provider_error", "It fell over."), Cancel);

        await _jobs.Requeue.StartAloneAsync(Cancel);

        Assert.Equal(ids[..2].Order(), (await _jobs.TakeDueAsync()).Order());
        await _jobs.AdvanceAsync(TimeSpan.FromSeconds(20));
        Assert.Contains(ids[2], await _jobs.TakeDueAsync());
    }
}
