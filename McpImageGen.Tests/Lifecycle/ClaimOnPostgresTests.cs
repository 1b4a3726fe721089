using McpImageGen.Tests.Containers;
using McpImageGen.Tests.Testing;

namespace McpImageGen.Tests.Lifecycle;

[Slow]
public sealed class ClaimOnPostgresTests(Servers servers) : ClaimTests
{
    protected override Task<JobsOnDatabase> CreateAsync() => JobsOnPostgres.CreateAsync(servers);
}
