using McpImageGen.Tests.Testing;

namespace McpImageGen.Tests.Lifecycle;

public sealed class BrowseOnSqliteTests(BrowseOnSqliteTests.ManyJobsOnSqlite jobs)
    : BrowseTests(jobs), IClassFixture<BrowseOnSqliteTests.ManyJobsOnSqlite>
{
    protected override bool IsByIndex(string plan) =>
        plan.Contains("INDEX ix_jobs_owner_", StringComparison.Ordinal) && !plan.Contains("SCAN jobs", StringComparison.Ordinal);

    // The page itself is sorted once it is read, so one sort may be.
    protected override bool IsByOwnersIndexInItsOrder(string plan) => IsByIndex(plan) && plan.Split("TEMP B-TREE").Length <= 2;

    public sealed class ManyJobsOnSqlite() : ManyJobs(JobsOnSqlite.CreateAsync, "{0}");
}
