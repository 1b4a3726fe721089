using McpImageGen.Tests.Containers;
using McpImageGen.Tests.Testing;

namespace McpImageGen.Tests.Lifecycle;

[Slow]
public sealed class RequeueOnPostgresTests(Servers servers) : RequeueTests
{
    protected override Task<JobsOnDatabase> CreateAsync() => JobsOnPostgres.CreateAsync(servers);
}
