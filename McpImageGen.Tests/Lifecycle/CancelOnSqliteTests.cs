using McpImageGen.Tests.Testing;

namespace McpImageGen.Tests.Lifecycle;

public sealed class CancelOnSqliteTests : CancelTests
{
    protected override Task<JobsOnDatabase> CreateAsync() => JobsOnSqlite.CreateAsync();
}
