using McpImageGen.Tests.Testing;

namespace McpImageGen.Tests.Lifecycle;

public sealed class SearchOnSqliteTests : SearchTests
{
    protected override Task<JobsOnDatabase> CreateAsync() => JobsOnSqlite.CreateAsync();
}
