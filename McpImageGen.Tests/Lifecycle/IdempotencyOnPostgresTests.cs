using McpImageGen.Tests.Containers;
using McpImageGen.Tests.Testing;

namespace McpImageGen.Tests.Lifecycle;

[Slow]
public sealed class IdempotencyOnPostgresTests(Servers servers) : IdempotencyTests
{
    protected override Task<JobsOnDatabase> CreateAsync() => JobsOnPostgres.CreateAsync(servers);
}
