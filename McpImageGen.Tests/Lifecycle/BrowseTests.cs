using McpImageGen.Contracts;
using McpImageGen.Contracts.Models;
using McpImageGen.Jobs.Queries;
using McpImageGen.Tests.Testing;

namespace McpImageGen.Tests.Lifecycle;

/// <summary>What the gallery asks of the database.</summary>
public abstract class BrowseTests(ManyJobs jobs)
{
    private const int OnAPage = 48;
    private const int Newest = ManyJobs.Count - 1;

    [Fact]
    public async Task Every_filtered_page_is_read_by_index()
    {
        JobFilter[] filters =
        [
            new(),
            new(JobStatus.Completed),
            new(JobStatus.Failed),
            new(JobStatus.Pending),
            new(Model: ImageModel.FluxSchnell),
            new(Model: ManyJobs.RareModel),
            new(Search: "lighthouse"),
            new(Search: "nowhere"),
            new(JobStatus.Completed, ManyJobs.RareModel, "ärger"),
        ];
        var slow = new List<string>();
        foreach (var filter in filters)
        {
            foreach (var before in new Guid?[] { null, ManyJobs.IdOf(ManyJobs.Count / 2), ManyJobs.IdOf(100) })
            {
                var plans = await jobs.Database.Plans.OfAsync(() => BrowseAsync(filter, before));

                Assert.NotEmpty(plans);
                slow.AddRange(plans.Where(plan => !(filter.NeedsScan ? IsByIndex(plan) : IsByOwnersIndexInItsOrder(plan)))
                    .Select(plan => $"{filter} before {before}:\n{plan}"));
            }
        }

        Assert.True(slow.Count == 0, string.Join('\n', slow));
    }

    [Fact]
    public async Task Consecutive_pages_contain_all_jobs_in_order()
    {
        var first = await BrowseAsync(new JobFilter());
        var second = await BrowseAsync(new JobFilter(), first.NextBefore);
        var last = await BrowseAsync(new JobFilter(), ManyJobs.IdOf(10));

        Assert.Equal(Enumerable.Range(0, 2 * OnAPage).Select(i => ManyJobs.IdOf(Newest - i)), first.Jobs.Concat(second.Jobs).Select(job => job.Id));
        Assert.Equal(10, last.Jobs.Count);
        Assert.Null(last.NextBefore);
    }

    [Fact]
    public async Task Filtered_pages_contain_only_matching_jobs()
    {
        var failed = await BrowseAsync(new JobFilter(Status: JobStatus.Failed));
        var flux = await BrowseAsync(new JobFilter(Model: ImageModel.FluxSchnell));
        var all = await BrowseAsync(new JobFilter(JobStatus.Failed, ImageModel.FluxSchnell, $"by {ManyJobs.Count - 50} "));

        Assert.Equal(OnAPage, failed.Jobs.Count);
        Assert.All(failed.Jobs, job => Assert.Equal((JobStatus.Failed, JobsOnDatabase.Owner), (job.Status, job.Owner)));
        Assert.Equal(OnAPage, flux.Jobs.Count);
        Assert.All(flux.Jobs, job => Assert.Equal((ImageModel.FluxSchnell, JobsOnDatabase.Owner), (job.Model, job.Owner)));
        Assert.Equal(failed.Jobs[0].Id, Assert.Single(all.Jobs).Id);
        Assert.Empty((await BrowseAsync(new JobFilter(JobStatus.Pending))).Jobs);
    }

    [Fact]
    public async Task Search_examines_a_limited_number_of_jobs_per_page()
    {
        var filter = new JobFilter(Search: "ärger");

        var first = await BrowseAsync(filter);
        var second = await BrowseAsync(filter, first.NextBefore);

        Assert.Empty(first.Jobs);
        Assert.NotNull(first.NextBefore);
        Assert.Equal(ManyJobs.IdOf(10), Assert.Single(second.Jobs).Id);
        Assert.Null(second.NextBefore);
    }

    [Theory]
    [InlineData("100_METER", 1)]
    [InlineData("0_m", 1)]
    [InlineData("1__", 0)]
    [InlineData("100%run", 0)]
    [InlineData("light%dawn", 0)]
    [InlineData("\\", 0)]
    [InlineData("'", 0)]
    public async Task Search_text_is_not_interpreted_as_a_pattern(string search, int found) =>
        Assert.Equal(found, (await BrowseAsync(new JobFilter(Search: search))).Jobs.Count);

    protected abstract bool IsByIndex(string plan);

    /// <summary>Whether nothing is read but the page.</summary>
    protected abstract bool IsByOwnersIndexInItsOrder(string plan);

    private Task<BrowsedJobs> BrowseAsync(JobFilter filter, Guid? before = null) =>
        jobs.Database.Queries.BrowseAsync(JobsOnDatabase.Owner, filter, before, OnAPage, TestContext.Current.CancellationToken);
}
