using McpImageGen.Jobs;
using McpImageGen.Jobs.Claiming;
using McpImageGen.Jobs.Scheduling;
using McpImageGen.Jobs.Submission;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace McpImageGen.Tests.Lifecycle;

public abstract class FairnessTests : SubmissionTests
{
    private const string Ann = "ann";
    private const string Ben = "ben";

    [Fact]
    public async Task Jobs_sent_per_owner_are_limited_to_125_percent_of_the_worker_concurrency()
    {
        await Jobs.NewWorkerAsync(concurrency: 5);
        await Jobs.NewWorkerAsync(concurrency: 3);

        var ids = await Jobs.AcceptAsync(Ann, 20);

        Assert.Equal(ids[..10], await SentAsync(Ann));
        Assert.Empty(await Jobs.TakeDueAsync());
    }

    [Fact]
    public async Task Each_owner_has_a_separate_queue()
    {
        await Jobs.NewWorkerAsync(concurrency: 8);
        await Jobs.AcceptAsync(Ann, 100);

        var ids = await Jobs.AcceptAsync(Ben, 1);

        Assert.Equal(ids, await SentAsync(Ben));
    }

    [Fact]
    public async Task Up_to_64_jobs_per_owner_are_sent_while_no_worker_is_alive()
    {
        await Jobs.NewWorkerAsync(concurrency: 5);
        await Jobs.AdvanceAsync(WorkerRegistry.Silence);

        await Jobs.AcceptAsync(Ann, 100);

        Assert.Equal(64, (await SentAsync(Ann)).Length);
    }

    [Fact]
    public async Task New_worker_raises_the_number_of_sent_jobs()
    {
        await Jobs.NewWorkerAsync(concurrency: 2);
        var ids = await Jobs.AcceptAsync(Ann, 20);

        await Jobs.NewWorkerAsync(concurrency: 3);

        Assert.Equal(ids[2..6], await Jobs.TakeDueAsync());
        Assert.Empty(await Jobs.TakeDueAsync());
    }

    [Fact]
    public async Task Oldest_waiting_job_is_sent_when_a_job_finishes()
    {
        var worker = await Jobs.NewWorkerAsync(concurrency: 2);
        var older = await Jobs.AcceptAsync(Ann, 3);
        await Jobs.AdvanceAsync(TimeSpan.FromMilliseconds(1));
        var newer = await Jobs.AcceptAsync(Ann, 2);

        await Jobs.CompleteAsync(await Jobs.ClaimAsync(older[0], worker));
        Assert.Equal([older[2]], await Jobs.TakeDueAsync());
        await Jobs.Claims.FailAsync(await Jobs.ClaimAsync(older[1], worker), "code", "error", Cancel);
        Assert.Equal([newer[0]], await Jobs.TakeDueAsync());
        Assert.Empty(await Jobs.TakeDueAsync());
    }

    [Fact]
    public async Task Processing_job_keeps_its_slot()
    {
        var worker = await Jobs.NewWorkerAsync(concurrency: 2);
        var ids = await Jobs.AcceptAsync(Ann, 3);

        await Jobs.ClaimAsync(ids[0], worker);

        Assert.Empty(await Jobs.TakeDueAsync());
    }

    [Fact]
    public async Task Rescheduled_job_frees_its_slot_and_needs_a_slot_when_due()
    {
        var worker = await Jobs.NewWorkerAsync(concurrency: 2);
        var ids = await Jobs.AcceptAsync(Ann, 3);

        await Jobs.Claims.RescheduleAsync(
            await Jobs.ClaimAsync(ids[0], worker), new RetryPlan(TimeSpan.FromSeconds(5), "provider_error", "It fell over."), Cancel);

        Assert.Equal([ids[2]], await Jobs.TakeDueAsync());
        await Jobs.AdvanceAsync(TimeSpan.FromSeconds(5));
        Assert.Empty(await Jobs.TakeDueAsync());
        await Jobs.CompleteAsync(await Jobs.ClaimAsync(ids[1], worker));
        Assert.Equal([ids[0]], await Jobs.TakeDueAsync());
    }

    [Fact]
    public async Task Lost_message_is_sent_again_in_the_slot_of_its_job()
    {
        var worker = await Jobs.NewWorkerAsync(concurrency: 2);
        var ids = await Jobs.AcceptAsync(Ann, 4);

        await Jobs.AdvanceAsync(JobRequeue.ResendAfter);
        await Jobs.Workers.RecordHeartbeatAsync(worker, 2, "a test", Cancel);

        Assert.Equal(ids[..2], await Jobs.TakeDueAsync());
    }

    [Fact]
    public async Task New_job_is_sent_after_older_waiting_jobs_of_the_owner()
    {
        var worker = await Jobs.NewWorkerAsync(concurrency: 2);
        var older = await Jobs.AcceptAsync(Ann, 3);
        await Jobs.CompleteAsync(await Jobs.ClaimAsync(older[0], worker));
        await Jobs.AdvanceAsync(TimeSpan.FromMilliseconds(1));

        await Jobs.AcceptAsync(Ann, 1);

        Assert.Equal([older[1]], await SentAsync(Ann));
        Assert.Equal([older[2]], await Jobs.TakeDueAsync());
    }

    [Fact]
    public async Task Concurrent_submits_of_one_owner_together_respect_the_send_limit()
    {
        await Jobs.NewWorkerAsync(concurrency: 8);

        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Jobs.AcceptAsync(Ann, 1)));

        Assert.Equal(10, (await SentAsync(Ann)).Length);
        Assert.Equal(50, await CountAsync(Ann));
    }

    [Fact]
    public async Task Concurrent_requeues_send_each_due_job_once()
    {
        await Jobs.NewWorkerAsync(concurrency: 1);
        var ids = await Jobs.AcceptAsync(Ann, 100);
        await Jobs.NewWorkerAsync(concurrency: 50);

        var taken = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Jobs.TakeDueAsync()));

        Assert.Equal(ids[1..63], taken.SelectMany(some => some).Order());
    }

    [Fact]
    public async Task Concurrent_submits_respect_the_unfinished_limit_and_rejected_ones_store_nothing()
    {
        Jobs.Get<IOptions<JobsOptions>>().Value.UnfinishedPerOwner = 30;

        var calls = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => IsAcceptedAsync(Ann, 4)));

        Assert.Equal(7, calls.Count(accepted => accepted));
        Assert.Equal(28, await CountAsync(Ann));
        Assert.True(await IsAcceptedAsync(Ann, 2));
        Assert.True(await IsAcceptedAsync(Ben, 20));
    }

    [Fact]
    public async Task Unfinished_limit_counts_rescheduled_jobs_but_not_finished_jobs()
    {
        Jobs.Get<IOptions<JobsOptions>>().Value.UnfinishedPerOwner = 2;
        var worker = await Jobs.NewWorkerAsync();
        var ids = await Jobs.AcceptAsync(Ann, 2);

        await Jobs.Claims.RescheduleAsync(
            await Jobs.ClaimAsync(ids[0], worker), new RetryPlan(TimeSpan.FromHours(1), "provider_error", "It fell over."), Cancel);
        Assert.False(await IsAcceptedAsync(Ann, 1));
        await Jobs.CompleteAsync(await Jobs.ClaimAsync(ids[1], worker));
        Assert.True(await IsAcceptedAsync(Ann, 1));
    }

    private async Task<bool> IsAcceptedAsync(string owner, int count)
    {
        try
        {
            await Jobs.AcceptAsync(owner, count);
            return true;
        }
        catch (TooManyJobsException)
        {
            return false;
        }
    }

    private async Task<Guid[]> SentAsync(string owner)
    {
        await using var context = await Jobs.ContextAsync();
        return await context.Jobs.Where(job => job.Owner == owner && job.FinishedAt == null && job.SentAt != null)
            .Select(job => job.Id).Order().ToArrayAsync(Cancel);
    }

    private async Task<int> CountAsync(string owner)
    {
        await using var context = await Jobs.ContextAsync();
        return await context.Jobs.CountAsync(job => job.Owner == owner, Cancel);
    }
}
