using McpImageGen.Tests.Testing;

namespace McpImageGen.Tests.Lifecycle;

public sealed class FairnessOnSqliteTests : FairnessTests
{
    protected override Task<JobsOnDatabase> CreateAsync() => JobsOnSqlite.CreateAsync();
}
