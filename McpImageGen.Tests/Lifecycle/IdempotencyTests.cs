using McpImageGen.Jobs;
using McpImageGen.Jobs.Submission;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace McpImageGen.Tests.Lifecycle;

public abstract class IdempotencyTests : SubmissionTests
{
    private const string Ann = "ann";
    private const string Ben = "ben";
    private const string Key = "order 4711";

    [Fact]
    public async Task Repeated_submit_with_the_same_key_returns_the_same_jobs()
    {
        var first = await Jobs.AcceptAsync(Ann, 3, Key);
        await Jobs.AdvanceAsync(IdempotencyKeys.KeptFor - TimeSpan.FromMilliseconds(1));

        Assert.Equal(first, await Jobs.AcceptAsync(Ann, 3, Key));

        Assert.Equal(3, await CountAsync());
    }

    [Fact]
    public async Task Concurrent_submits_with_one_key_create_jobs_once()
    {
        var calls = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => Jobs.AcceptAsync(Ann, 3, Key))));

        Assert.All(calls, ids => Assert.Equal(calls[0], ids));
        Assert.Equal(3, await CountAsync());
    }

    [Fact]
    public async Task Concurrent_submits_of_one_owner_share_transactions_and_a_rejected_one_does_not_affect_the_others()
    {
        await Jobs.AcceptAsync(Ann, 1, Key);
        var before = Jobs.Statements.CountOf("COUNT(sent_at)");

        var calls = Enumerable.Range(0, 40).Select(number => Task.Run(
            () => number % 10 == 0 ? Jobs.AcceptAsync(Ann, 1, Key, "another prompt") : Jobs.AcceptAsync(Ann, 1, number % 2 == 0 ? null : $"key {number}"))).ToList();
        await Task.WhenAll(calls).ContinueWith(_ => { }, TaskScheduler.Default);

        Assert.All(calls.Where((_, number) => number % 10 == 0), call => Assert.IsType<IdempotencyConflictException>(call.Exception!.InnerException));
        var accepted = calls.Where((_, number) => number % 10 != 0).SelectMany(call => call.Result).ToList();
        Assert.Equal(36, accepted.Distinct().Count());
        Assert.Equal(37, await CountAsync());
        Assert.InRange(Jobs.Statements.CountOf("COUNT(sent_at)") - before, 1, 20);
    }

    [Fact]
    public async Task Same_key_with_other_arguments_is_rejected()
    {
        await Jobs.AcceptAsync(Ann, 3, Key);

        await Assert.ThrowsAsync<IdempotencyConflictException>(() => Jobs.AcceptAsync(Ann, 3, Key, "another prompt"));
        await Assert.ThrowsAsync<IdempotencyConflictException>(() => Jobs.AcceptAsync(Ann, 2, Key));
        await Assert.ThrowsAsync<IdempotencyConflictException>(() => Jobs.AcceptAsync(Ann, 4, Key));

        Assert.Equal(3, await CountAsync());
    }

    [Fact]
    public async Task Another_key_or_another_owner_gets_separate_jobs()
    {
        var ids = await Jobs.AcceptAsync(Ann, 1, Key);

        Assert.NotEqual(ids, await Jobs.AcceptAsync(Ann, 1, Key.ToUpperInvariant()));
        Assert.NotEqual(ids, await Jobs.AcceptAsync(Ben, 1, Key));
    }

    [Fact]
    public async Task Idempotency_key_can_be_reused_after_24_h()
    {
        var first = await Jobs.AcceptAsync(Ann, 1, Key);
        await Jobs.AdvanceAsync(IdempotencyKeys.KeptFor);

        var second = await Jobs.AcceptAsync(Ann, 2, Key, "another prompt");

        Assert.DoesNotContain(first[0], second);
        Assert.Equal(second, await Jobs.AcceptAsync(Ann, 2, Key, "another prompt"));
    }

    [Fact]
    public async Task Repeated_submit_returns_deleted_jobs_as_deleted_and_does_not_restart_them()
    {
        var ids = await Jobs.AcceptAsync(Ann, 2, Key);

        await DeleteAsync(ids[0]);
        Assert.Equal([(ids[0], "deleted"), (ids[1], "pending")], await RepeatAsync());
        await DeleteAsync(ids[1]);
        Assert.Equal([(ids[0], "deleted"), (ids[1], "deleted")], await RepeatAsync());

        Assert.Equal(0, await CountAsync());

        async Task<IEnumerable<(Guid, string)>> RepeatAsync() =>
            (await Jobs.AcceptJobsAsync(Ann, 2, Key)).Select(job => (job.Id, job.Status));
    }

    [Fact]
    public async Task Rejected_submit_does_not_use_its_key_and_a_repeated_submit_is_not_limited()
    {
        Jobs.Get<IOptions<JobsOptions>>().Value.UnfinishedPerOwner = 2;

        await Assert.ThrowsAsync<TooManyJobsException>(() => Jobs.AcceptAsync(Ann, 3, Key));
        var ids = await Jobs.AcceptAsync(Ann, 2, Key);

        Assert.Equal(ids, await Jobs.AcceptAsync(Ann, 2, Key));
    }

    private async Task DeleteAsync(Guid id)
    {
        await using var context = await Jobs.ContextAsync();
        await context.Jobs.Where(job => job.Id == id).ExecuteDeleteAsync(Cancel);
    }

    private async Task<int> CountAsync()
    {
        await using var context = await Jobs.ContextAsync();
        return await context.Jobs.CountAsync(Cancel);
    }
}
