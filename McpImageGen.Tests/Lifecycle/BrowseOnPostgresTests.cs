using McpImageGen.Tests.Containers;
using McpImageGen.Tests.Testing;

namespace McpImageGen.Tests.Lifecycle;

public sealed class BrowseOnPostgresTests(Servers servers) : BrowseTests
{
    protected override string Id => "CAST({0} AS uuid)";

    protected override Task<JobsOnDatabase> CreateAsync() => JobsOnPostgres.CreateAsync(servers);
}
