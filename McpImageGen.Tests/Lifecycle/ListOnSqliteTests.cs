using McpImageGen.Tests.Testing;

namespace McpImageGen.Tests.Lifecycle;

public sealed class ListOnSqliteTests : ListTests
{
    protected override Task<JobsOnDatabase> CreateAsync() => JobsOnSqlite.CreateAsync();
}
