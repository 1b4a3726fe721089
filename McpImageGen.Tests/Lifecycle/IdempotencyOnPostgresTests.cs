using McpImageGen.Tests.Containers;
using McpImageGen.Tests.Testing;

namespace McpImageGen.Tests.Lifecycle;

public sealed class IdempotencyOnPostgresTests(Servers servers) : IdempotencyTests
{
    protected override Task<JobsOnDatabase> CreateAsync() => JobsOnPostgres.CreateAsync(servers);
}
