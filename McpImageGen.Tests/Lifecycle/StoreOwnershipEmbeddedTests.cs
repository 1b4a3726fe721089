using McpImageGen.Jobs.Images;
using McpImageGen.Standalone.Embedded;
using McpImageGen.Tests.Testing;

namespace McpImageGen.Tests.Lifecycle;

public sealed class StoreOwnershipEmbeddedTests : StoreOwnershipTests
{
    private readonly TemporaryFolder _images = new();

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _images.Dispose();
    }

    protected override Task<IImageStore> NewStoreAsync() => Task.FromResult<IImageStore>(new ImageFiles(_images.Path));

    protected override Task<JobsOnDatabase> NewDatabaseAsync() => JobsOnSqlite.CreateAsync();

    protected override Task DeleteMarkersAsync()
    {
        Directory.Delete(Path.Combine(_images.Path, "databases"), recursive: true);
        return Task.CompletedTask;
    }
}
