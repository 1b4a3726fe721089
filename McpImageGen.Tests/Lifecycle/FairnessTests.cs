using MassTransit;
using McpImageGen.Jobs;
using McpImageGen.Jobs.Claiming;
using McpImageGen.Jobs.Scheduling;
using McpImageGen.Jobs.Submission;
using McpImageGen.Tests.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace McpImageGen.Tests.Lifecycle;

public abstract class FairnessTests : IAsyncLifetime
{
    private const string Ann = "ann";
    private const string Ben = "ben";

    private JobsOnDatabase _jobs = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _jobs = await CreateAsync();
        await _jobs.Get<IBusControl>().StartAsync(Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        await _jobs.Get<IBusControl>().StopAsync(CancellationToken.None);
        await _jobs.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected abstract Task<JobsOnDatabase> CreateAsync();

    [Fact]
    public async Task Jobs_sent_per_owner_are_limited_to_125_percent_of_the_worker_concurrency()
    {
        await _jobs.NewWorkerAsync(concurrency: 5);
        await _jobs.NewWorkerAsync(concurrency: 3);

        var ids = await _jobs.AcceptAsync(Ann, 20);

        Assert.Equal(ids[..10], await SentAsync(Ann));
        Assert.Empty(await _jobs.TakeDueAsync());
    }

    [Fact]
    public async Task Each_owner_has_a_separate_queue()
    {
        await _jobs.NewWorkerAsync(concurrency: 8);
        await _jobs.AcceptAsync(Ann, 100);

        var ids = await _jobs.AcceptAsync(Ben, 1);

        Assert.Equal(ids, await SentAsync(Ben));
    }

    [Fact]
    public async Task Up_to_64_jobs_per_owner_are_sent_while_no_worker_is_alive()
    {
        await _jobs.NewWorkerAsync(concurrency: 5);
        await _jobs.AdvanceAsync(WorkerRegistry.Silence);

        await _jobs.AcceptAsync(Ann, 100);

        Assert.Equal(64, (await SentAsync(Ann)).Length);
    }

    [Fact]
    public async Task New_worker_raises_the_number_of_sent_jobs()
    {
        await _jobs.NewWorkerAsync(concurrency: 2);
        var ids = await _jobs.AcceptAsync(Ann, 20);

        await _jobs.NewWorkerAsync(concurrency: 3);

        Assert.Equal(ids[2..6], await _jobs.TakeDueAsync());
        Assert.Empty(await _jobs.TakeDueAsync());
    }

    [Fact]
    public async Task Oldest_waiting_job_is_sent_when_a_job_finishes()
    {
        var worker = await _jobs.NewWorkerAsync(concurrency: 2);
        var older = await _jobs.AcceptAsync(Ann, 3);
        await _jobs.AdvanceAsync(TimeSpan.FromMilliseconds(1));
        var newer = await _jobs.AcceptAsync(Ann, 2);

        await _jobs.CompleteAsync(await _jobs.ClaimAsync(older[0], worker));
        Assert.Equal([older[2]], await _jobs.TakeDueAsync());
        await _jobs.Claims.FailAsync(await _jobs.ClaimAsync(older[1], worker), "code", "error", Cancel);
        Assert.Equal([newer[0]], await _jobs.TakeDueAsync());
        Assert.Empty(await _jobs.TakeDueAsync());
    }

    [Fact]
    public async Task Processing_job_keeps_its_slot()
    {
        var worker = await _jobs.NewWorkerAsync(concurrency: 2);
        var ids = await _jobs.AcceptAsync(Ann, 3);

        await _jobs.ClaimAsync(ids[0], worker);

        Assert.Empty(await _jobs.TakeDueAsync());
    }

    [Fact]
    public async Task Rescheduled_job_frees_its_slot_and_needs_a_slot_when_due()
    {
        var worker = await _jobs.NewWorkerAsync(concurrency: 2);
        var ids = await _jobs.AcceptAsync(Ann, 3);

        await _jobs.Claims.RescheduleAsync(
            await _jobs.ClaimAsync(ids[0], worker), new RetryPlan(TimeSpan.FromSeconds(5), "provider_error", "It fell over."), Cancel);

        Assert.Equal([ids[2]], await _jobs.TakeDueAsync());
        await _jobs.AdvanceAsync(TimeSpan.FromSeconds(5));
        Assert.Empty(await _jobs.TakeDueAsync());
        await _jobs.CompleteAsync(await _jobs.ClaimAsync(ids[1], worker));
        Assert.Equal([ids[0]], await _jobs.TakeDueAsync());
    }

    [Fact]
    public async Task Lost_message_is_sent_again_in_the_slot_of_its_job()
    {
        var worker = await _jobs.NewWorkerAsync(concurrency: 2);
        var ids = await _jobs.AcceptAsync(Ann, 4);

        await _jobs.AdvanceAsync(JobRequeue.ResendAfter);
        await _jobs.Workers.RecordHeartbeatAsync(worker, 2, "a test", Cancel);

        Assert.Equal(ids[..2], await _jobs.TakeDueAsync());
    }

    [Fact]
    public async Task New_job_is_sent_after_older_waiting_jobs_of_the_owner()
    {
        var worker = await _jobs.NewWorkerAsync(concurrency: 2);
        var older = await _jobs.AcceptAsync(Ann, 3);
        await _jobs.CompleteAsync(await _jobs.ClaimAsync(older[0], worker));
        await _jobs.AdvanceAsync(TimeSpan.FromMilliseconds(1));

        await _jobs.AcceptAsync(Ann, 1);

        Assert.Equal([older[1]], await SentAsync(Ann));
        Assert.Equal([older[2]], await _jobs.TakeDueAsync());
    }

    [Fact]
    public async Task Concurrent_submits_of_one_owner_together_respect_the_send_limit()
    {
        await _jobs.NewWorkerAsync(concurrency: 8);

        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => _jobs.AcceptAsync(Ann, 1)));

        Assert.Equal(10, (await SentAsync(Ann)).Length);
        Assert.Equal(50, await CountAsync(Ann));
    }

    [Fact]
    public async Task Concurrent_requeues_send_each_due_job_once()
    {
        await _jobs.NewWorkerAsync(concurrency: 1);
        var ids = await _jobs.AcceptAsync(Ann, 100);
        await _jobs.NewWorkerAsync(concurrency: 50);

        var taken = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => _jobs.TakeDueAsync()));

        Assert.Equal(ids[1..63], taken.SelectMany(some => some).Order());
    }

    [Fact]
    public async Task Concurrent_submits_respect_the_unfinished_limit_and_rejected_ones_store_nothing()
    {
        _jobs.Get<IOptions<JobsOptions>>().Value.UnfinishedPerOwner = 30;

        var calls = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => IsAcceptedAsync(Ann, 4)));

        Assert.Equal(7, calls.Count(accepted => accepted));
        Assert.Equal(28, await CountAsync(Ann));
        Assert.True(await IsAcceptedAsync(Ann, 2));
        Assert.True(await IsAcceptedAsync(Ben, 20));
    }

    [Fact]
    public async Task Unfinished_limit_counts_rescheduled_jobs_but_not_finished_jobs()
    {
        _jobs.Get<IOptions<JobsOptions>>().Value.UnfinishedPerOwner = 2;
        var worker = await _jobs.NewWorkerAsync();
        var ids = await _jobs.AcceptAsync(Ann, 2);

        await _jobs.Claims.RescheduleAsync(
            await _jobs.ClaimAsync(ids[0], worker), new RetryPlan(TimeSpan.FromHours(1), "provider_error", "It fell over."), Cancel);
        Assert.False(await IsAcceptedAsync(Ann, 1));
        await _jobs.CompleteAsync(await _jobs.ClaimAsync(ids[1], worker));
        Assert.True(await IsAcceptedAsync(Ann, 1));
    }

    private async Task<bool> IsAcceptedAsync(string owner, int count)
    {
        try
        {
            await _jobs.AcceptAsync(owner, count);
            return true;
        }
        catch (TooManyJobsException)
        {
            return false;
        }
    }

    private async Task<Guid[]> SentAsync(string owner)
    {
        await using var context = await _jobs.ContextAsync();
        return await context.Jobs.Where(job => job.Owner == owner && job.FinishedAt == null && job.SentAt != null)
            .Select(job => job.Id).Order().ToArrayAsync(Cancel);
    }

    private async Task<int> CountAsync(string owner)
    {
        await using var context = await _jobs.ContextAsync();
        return await context.Jobs.CountAsync(job => job.Owner == owner, Cancel);
    }
}
