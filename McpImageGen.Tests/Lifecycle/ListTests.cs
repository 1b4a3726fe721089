using McpImageGen.Contracts;
using McpImageGen.Jobs.Queries;
using McpImageGen.Tests.Testing;
using Microsoft.EntityFrameworkCore;

namespace McpImageGen.Tests.Lifecycle;

public abstract class ListTests : IAsyncLifetime
{
    private const int Counted = JobQueries.MaxCounted;
    private const int All = Counted + 15;

    private JobsOnDatabase _jobs = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _jobs = await CreateAsync();
        var failed = (await _jobs.SubmitAsync(All)).Order().ElementAt(Counted);
        await using var context = await _jobs.ContextAsync();
        await context.Jobs.Where(job => job.Id < failed)
            .ExecuteUpdateAsync(row => row.SetProperty(job => job.Status, JobStatus.Failed), Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        await _jobs.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected abstract Task<JobsOnDatabase> CreateAsync();

    [Fact]
    public async Task List_counts_up_to_a_limit_and_can_be_paged_to_its_end()
    {
        // A list of as many as are counted, of fewer, and of more.
        AssertPage(await ListAsync(JobStatus.Failed, 0), count: 10, total: Counted, isEstimate: false, hasMore: true);
        AssertPage(await ListAsync(JobStatus.Pending, 0), count: 10, total: 15, isEstimate: false, hasMore: true);
        AssertPage(await ListAsync(null, 0), count: 10, total: Counted + 1, isEstimate: true, hasMore: true);

        // Whoever goes on until offset and returned_count reach total_count comes to the end, too.
        AssertPage(await ListAsync(null, Counted), count: 10, total: Counted + 11, isEstimate: true, hasMore: true);
        AssertPage(await ListAsync(null, Counted + 5), count: 10, total: All, isEstimate: false, hasMore: false);
        AssertPage(await ListAsync(null, Counted + 10), count: 5, total: All, isEstimate: false, hasMore: false);
        AssertPage(await ListAsync(null, 2 * Counted), count: 0, total: Counted + 1, isEstimate: true, hasMore: false);

        AssertPage(await ListAsync(JobStatus.Failed, Counted - 10), count: 10, total: Counted, isEstimate: false, hasMore: false);
        AssertPage(await ListAsync(JobStatus.Pending, 20), count: 0, total: 15, isEstimate: false, hasMore: false);
        AssertPage(await ListAsync(JobStatus.Completed, 0), count: 0, total: 0, isEstimate: false, hasMore: false);
    }

    private Task<JobPage> ListAsync(string? status, int offset) =>
        _jobs.Queries.ListAsync(JobsOnDatabase.Owner, status, limit: 10, offset, before: null, Cancel);

    private static void AssertPage(JobPage page, int count, long total, bool isEstimate, bool hasMore) =>
        Assert.Equal((count, total, isEstimate, hasMore), (page.Jobs.Count, page.TotalCount, page.TotalIsEstimate, page.HasMore));
}
