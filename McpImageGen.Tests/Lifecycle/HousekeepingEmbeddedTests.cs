using McpImageGen.Jobs.Images;
using McpImageGen.Standalone.Embedded;
using McpImageGen.Tests.Testing;

namespace McpImageGen.Tests.Lifecycle;

public sealed class HousekeepingEmbeddedTests : HousekeepingTests
{
    private readonly TemporaryFolder _images = new();

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _images.Dispose();
    }

    protected override async Task<(JobsOnDatabase Jobs, IImageStore Store)> CreateAsync() =>
        (await JobsOnSqlite.CreateAsync(), new ImageFiles(_images.Path));
}
