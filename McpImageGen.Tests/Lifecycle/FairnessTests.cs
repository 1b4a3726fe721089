using MassTransit;
using McpImageGen.Jobs;
using McpImageGen.Jobs.Lifecycle;
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
    public async Task Of_an_owners_jobs_as_many_are_sent_as_the_workers_do_at_once_and_a_quarter_more()
    {
        await _jobs.NewWorkerAsync(concurrency: 5);
        await _jobs.NewWorkerAsync(concurrency: 3);

        var ids = await _jobs.AcceptAsync(Ann, 20);

        Assert.Equal(ids[..10], await SentAsync(Ann));
        Assert.Empty(await _jobs.TakeDueAsync());
    }

    [Fact]
    public async Task Every_owner_has_a_line_of_its_own()
    {
        await _jobs.NewWorkerAsync(concurrency: 8);
        await _jobs.AcceptAsync(Ann, 100);

        var ids = await _jobs.AcceptAsync(Ben, 1);

        Assert.Equal(ids, await SentAsync(Ben));
    }

    [Fact]
    public async Task While_no_worker_is_seen_64_are_sent()
    {
        await _jobs.NewWorkerAsync(concurrency: 5);
        await _jobs.AdvanceAsync(JobRequeue.WorkerSilence);

        await _jobs.AcceptAsync(Ann, 100);

        Assert.Equal(64, (await SentAsync(Ann)).Length);
    }

    [Fact]
    public async Task A_new_worker_gets_what_waits()
    {
        await _jobs.NewWorkerAsync(concurrency: 2);
        var ids = await _jobs.AcceptAsync(Ann, 20);

        await _jobs.NewWorkerAsync(concurrency: 3);

        Assert.Equal(ids[2..6], await _jobs.TakeDueAsync());
        Assert.Empty(await _jobs.TakeDueAsync());
    }

    [Fact]
    public async Task As_jobs_are_finished_the_oldest_of_those_that_wait_are_sent()
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
    public async Task A_job_under_way_keeps_its_place()
    {
        var worker = await _jobs.NewWorkerAsync(concurrency: 2);
        var ids = await _jobs.AcceptAsync(Ann, 3);

        await _jobs.ClaimAsync(ids[0], worker);

        Assert.Empty(await _jobs.TakeDueAsync());
    }

    [Fact]
    public async Task A_job_put_back_leaves_its_place_and_needs_one_when_its_next_attempt_is_due()
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
    public async Task A_message_that_got_lost_is_sent_again_in_its_place()
    {
        var worker = await _jobs.NewWorkerAsync(concurrency: 2);
        var ids = await _jobs.AcceptAsync(Ann, 4);

        await _jobs.AdvanceAsync(JobRequeue.ResendAfter);
        await _jobs.Workers.RecordHeartbeatAsync(worker, 2, "a test", Cancel);

        Assert.Equal(ids[..2], await _jobs.TakeDueAsync());
    }

    [Fact]
    public async Task A_call_that_finds_a_line_stands_behind_it()
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
    public async Task Calls_that_race_send_together_no_more_than_one_call_may()
    {
        await _jobs.NewWorkerAsync(concurrency: 8);

        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => _jobs.AcceptAsync(Ann, 1)));

        Assert.Equal(10, (await SentAsync(Ann)).Length);
        Assert.Equal(50, await CountAsync(Ann));
    }

    [Fact]
    public async Task Replicas_that_look_for_what_is_due_at_once_send_each_job_once()
    {
        await _jobs.NewWorkerAsync(concurrency: 1);
        var ids = await _jobs.AcceptAsync(Ann, 100);
        await _jobs.NewWorkerAsync(concurrency: 50);

        var taken = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => _jobs.TakeDueAsync()));

        Assert.Equal(ids[1..63], taken.SelectMany(some => some).Order());
    }

    [Fact]
    public async Task Calls_that_race_never_exceed_what_an_owner_may_have_unfinished_and_the_refused_store_nothing()
    {
        _jobs.Get<IOptions<JobsOptions>>().Value.UnfinishedPerOwner = 30;

        var calls = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => IsAcceptedAsync(Ann, 4)));

        Assert.Equal(7, calls.Count(accepted => accepted));
        Assert.Equal(28, await CountAsync(Ann));
        Assert.True(await IsAcceptedAsync(Ann, 2));
        Assert.True(await IsAcceptedAsync(Ben, 20));
    }

    [Fact]
    public async Task Finished_jobs_do_not_count_for_the_limit_and_jobs_put_back_do()
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
