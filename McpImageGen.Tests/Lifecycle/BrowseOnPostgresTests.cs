using System.Text.RegularExpressions;
using McpImageGen.Tests.Containers;
using McpImageGen.Tests.Testing;

namespace McpImageGen.Tests.Lifecycle;

[Slow]
public sealed partial class BrowseOnPostgresTests(BrowseOnPostgresTests.ManyJobsOnPostgres jobs)
    : BrowseTests(jobs), IClassFixture<BrowseOnPostgresTests.ManyJobsOnPostgres>
{
    protected override bool IsByIndex(string plan) =>
        plan.Contains("Index", StringComparison.Ordinal) && !plan.Contains("Seq Scan", StringComparison.Ordinal);

    protected override bool IsByOwnersIndexInItsOrder(string plan) => LimitedByIndex().IsMatch(plan);

    [GeneratedRegex(@"Limit [^\n]*\n\s*->  Index (Only )?Scan Backward using ix_jobs_owner_")]
    private static partial Regex LimitedByIndex();

    public sealed class ManyJobsOnPostgres(Servers servers) : ManyJobs(() => JobsOnPostgres.CreateAsync(servers), "CAST({0} AS uuid)");
}
