using McpImageGen.Tests.Testing;

namespace McpImageGen.Tests.Lifecycle;

public sealed class JobLifecycleOnSqliteTests : JobLifecycleTests
{
    protected override int Sequences => 200;

    protected override Task<JobsOnDatabase> CreateAsync() => JobsOnSqlite.CreateAsync();
}
