using McpImageGen.Tests.Containers;
using McpImageGen.Tests.Testing;

namespace McpImageGen.Tests.Lifecycle;

[Slow]
public sealed class CancelOnPostgresTests(Servers servers) : CancelTests
{
    protected override Task<JobsOnDatabase> CreateAsync() => JobsOnPostgres.CreateAsync(servers);
}
