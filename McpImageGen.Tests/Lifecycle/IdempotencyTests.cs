using MassTransit;
using McpImageGen.Jobs;
using McpImageGen.Jobs.Lifecycle;
using McpImageGen.Tests.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace McpImageGen.Tests.Lifecycle;

public abstract class IdempotencyTests : IAsyncLifetime
{
    private const string Ann = "ann";
    private const string Ben = "ben";
    private const string Key = "order 4711";

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
    public async Task A_call_that_is_repeated_gives_the_same_jobs()
    {
        var first = await _jobs.AcceptAsync(Ann, 3, Key);
        await _jobs.AdvanceAsync(IdempotencyKeys.KeptFor - TimeSpan.FromMilliseconds(1));

        Assert.Equal(first, await _jobs.AcceptAsync(Ann, 3, Key));

        Assert.Equal(3, await CountAsync());
    }

    [Fact]
    public async Task Calls_with_one_key_that_race_make_the_jobs_of_one_call()
    {
        var calls = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => _jobs.AcceptAsync(Ann, 3, Key))));

        Assert.All(calls, ids => Assert.Equal(calls[0], ids));
        Assert.Equal(3, await CountAsync());
    }

    [Fact]
    public async Task The_same_key_with_other_arguments_is_refused_and_starts_nothing()
    {
        await _jobs.AcceptAsync(Ann, 3, Key);

        await Assert.ThrowsAsync<IdempotencyConflictException>(() => _jobs.AcceptAsync(Ann, 3, Key, "another prompt"));
        await Assert.ThrowsAsync<IdempotencyConflictException>(() => _jobs.AcceptAsync(Ann, 2, Key));
        await Assert.ThrowsAsync<IdempotencyConflictException>(() => _jobs.AcceptAsync(Ann, 4, Key));

        Assert.Equal(3, await CountAsync());
    }

    [Fact]
    public async Task Another_key_and_another_owner_have_jobs_of_their_own()
    {
        var ids = await _jobs.AcceptAsync(Ann, 1, Key);

        Assert.NotEqual(ids, await _jobs.AcceptAsync(Ann, 1, Key.ToUpperInvariant()));
        Assert.NotEqual(ids, await _jobs.AcceptAsync(Ben, 1, Key));
    }

    [Fact]
    public async Task After_24_h_the_key_is_free()
    {
        var first = await _jobs.AcceptAsync(Ann, 1, Key);
        await _jobs.AdvanceAsync(IdempotencyKeys.KeptFor);

        var second = await _jobs.AcceptAsync(Ann, 2, Key, "another prompt");

        Assert.DoesNotContain(first[0], second);
        Assert.Equal(second, await _jobs.AcceptAsync(Ann, 2, Key, "another prompt"));
    }

    [Fact]
    public async Task Jobs_that_were_deleted_keep_their_place_in_the_answer_and_are_not_started_again()
    {
        var ids = await _jobs.AcceptAsync(Ann, 2, Key);

        await DeleteAsync(ids[0]);
        Assert.Equal([(ids[0], "deleted"), (ids[1], "pending")], await RepeatAsync());
        await DeleteAsync(ids[1]);
        Assert.Equal([(ids[0], "deleted"), (ids[1], "deleted")], await RepeatAsync());

        Assert.Equal(0, await CountAsync());

        async Task<IEnumerable<(Guid, string)>> RepeatAsync() =>
            (await _jobs.AcceptJobsAsync(Ann, 2, Key)).Select(job => (job.Id, job.Status));
    }

    [Fact]
    public async Task A_call_that_was_refused_leaves_its_key_free_and_a_repeated_one_is_never_too_many()
    {
        _jobs.Get<IOptions<JobsOptions>>().Value.UnfinishedPerOwner = 2;

        await Assert.ThrowsAsync<TooManyJobsException>(() => _jobs.AcceptAsync(Ann, 3, Key));
        var ids = await _jobs.AcceptAsync(Ann, 2, Key);

        Assert.Equal(ids, await _jobs.AcceptAsync(Ann, 2, Key));
    }

    private async Task DeleteAsync(Guid id)
    {
        await using var context = await _jobs.ContextAsync();
        await context.Jobs.Where(job => job.Id == id).ExecuteDeleteAsync(Cancel);
    }

    private async Task<int> CountAsync()
    {
        await using var context = await _jobs.ContextAsync();
        return await context.Jobs.CountAsync(Cancel);
    }
}
