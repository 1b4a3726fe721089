using McpImageGen.Contracts;
using McpImageGen.Jobs.Lifecycle;
using McpImageGen.Tests.Testing;
using Microsoft.EntityFrameworkCore;

namespace McpImageGen.Tests.Lifecycle;

/// <summary>The gallery of an owner who has more jobs than are looked into at once, among those of another owner.</summary>
public abstract class BrowseTests : IAsyncLifetime
{
    private const int Jobs = JobQueries.MostSearched + 20_000;
    private const int OnAPage = 48;
    private const string RareModel = ImageModel.Phoenix;

    private JobsOnDatabase _jobs = null!;

    /// <summary>How the database makes an id of a text.</summary>
    protected virtual string Id => "{0}";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _jobs = await CreateAsync();
        await using var context = await _jobs.ContextAsync();
        var id = string.Format(Id, "'01900000-0000-7000-8000-' || substr(CAST(1000000000000 + n AS text), 2)");
        var statement = $"""
            INSERT INTO jobs (id, owner, prompt, model, status, created_at, updated_at, resends, send_after, attempts, takeovers, output_rejections)
            WITH RECURSIVE numbers(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n + 1 < {Jobs * 2})
            SELECT {id}, CASE WHEN n % 2 = 0 THEN '{JobsOnDatabase.Owner}' ELSE 'ben' END,
                   CASE WHEN n IN (10, 11) THEN 'ÄRGER mit 100% Sahne' WHEN n = {Jobs} THEN 'a 100_meter run' ELSE 'a lighthouse at dawn, seen by ' || n || ' people' END,
                   CASE WHEN n IN (10, 11) THEN '{RareModel}' WHEN n % 4 = 0 THEN '{ImageModel.FluxSchnell}' ELSE '{ImageModel.SdxlBase}' END,
                   CASE WHEN n % 100 = 0 THEN '{JobStatus.Failed}' ELSE '{JobStatus.Completed}' END, n, n, 0, 0, 1, 0, 0
            FROM numbers
            """;
        await context.Database.ExecuteSqlRawAsync(statement, Cancel);

        // As a server itself does soon after so many rows; SQLite never does.
        if (context.Database.IsNpgsql())
            await context.Database.ExecuteSqlRawAsync("ANALYZE jobs", Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        await _jobs.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected abstract Task<JobsOnDatabase> CreateAsync();

    [Fact]
    public async Task Every_page_of_every_filter_is_read_by_an_index_in_its_order()
    {
        string?[] statuses = [null, JobStatus.Completed, JobStatus.Failed, JobStatus.Pending];
        string?[] models = [null, ImageModel.FluxSchnell, RareModel];
        string?[] searches = [null, "lighthouse", "ärger", "nowhere"];
        Guid?[] places = [null, IdOf(Jobs), IdOf(100)];
        foreach (var filter in from status in statuses from model in models from search in searches select new JobFilter(status, model, search))
        {
            foreach (var before in places)
            {
                var plans = await _jobs.Plans.OfAsync(() => BrowseAsync(filter, before));

                Assert.InRange(plans.Count, 1, 2);
                Assert.All(plans, plan =>
                {
                    Assert.Contains("ix_jobs_owner", plan, StringComparison.Ordinal);
                    foreach (var slow in new[] { "SCAN jobs", "Seq Scan", "TEMP B-TREE", "Sort" })
                        Assert.False(plan.Contains(slow, StringComparison.Ordinal), $"{filter} before {before}: {plan}");
                });
            }
        }
    }

    [Fact]
    public async Task Pages_follow_each_other_without_a_gap()
    {
        var first = await BrowseAsync(new JobFilter());
        var second = await BrowseAsync(new JobFilter(), first.GoOnBefore);
        var last = await BrowseAsync(new JobFilter(), IdOf(20));

        var newest = (2 * Jobs) - 2;
        Assert.Equal(Enumerable.Range(0, 2 * OnAPage).Select(i => IdOf(newest - (2 * i))), first.Jobs.Concat(second.Jobs).Select(job => job.Id));
        Assert.Equal(10, last.Jobs.Count);
        Assert.Null(last.GoOnBefore);
    }

    [Fact]
    public async Task A_filter_leaves_in_what_it_names_and_only_that()
    {
        var failed = await BrowseAsync(new JobFilter(Status: JobStatus.Failed));
        var flux = await BrowseAsync(new JobFilter(Model: ImageModel.FluxSchnell));

        Assert.Equal(OnAPage, failed.Jobs.Count);
        Assert.All(failed.Jobs, job => Assert.Equal((JobStatus.Failed, JobsOnDatabase.Owner), (job.Status, job.Owner)));
        Assert.All(flux.Jobs, job => Assert.Equal(ImageModel.FluxSchnell, job.Model));
        Assert.Equal(failed.Jobs[0].Id, Assert.Single((await BrowseAsync(new JobFilter(JobStatus.Failed, Search: $"by {(2 * Jobs) - 100} "))).Jobs).Id);
        Assert.Empty((await BrowseAsync(new JobFilter(JobStatus.Pending))).Jobs);
    }

    [Fact]
    public async Task A_rare_prompt_is_looked_for_among_so_many_jobs_at_once_and_found_further_on()
    {
        var filter = new JobFilter(Search: "ärger");

        var first = await BrowseAsync(filter);
        var second = await BrowseAsync(filter, first.GoOnBefore);

        Assert.Empty(first.Jobs);
        Assert.NotNull(first.GoOnBefore);
        Assert.Equal(IdOf(10), Assert.Single(second.Jobs).Id);
        Assert.Null(second.GoOnBefore);
    }

    [Theory]
    [InlineData("100_METER", 1)]
    [InlineData("0_m", 1)]
    [InlineData("1__", 0)]
    [InlineData("100%run", 0)]
    [InlineData("light%dawn", 0)]
    [InlineData("\\", 0)]
    [InlineData("'", 0)]
    public async Task What_is_searched_for_is_text_and_no_pattern(string search, int found)
    {
        Assert.Equal(found, (await BrowseAsync(new JobFilter(Search: search))).Jobs.Count);
    }

    private Task<FoundJobs> BrowseAsync(JobFilter filter, Guid? before = null) =>
        _jobs.Queries.BrowseAsync(JobsOnDatabase.Owner, filter, before, OnAPage, Cancel);

    private static Guid IdOf(int number) => Guid.Parse($"01900000-0000-7000-8000-{number:d12}");
}
