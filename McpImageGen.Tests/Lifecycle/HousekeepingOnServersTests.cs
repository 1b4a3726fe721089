using McpImageGen.Jobs.Images;
using McpImageGen.Tests.Containers;
using McpImageGen.Tests.Testing;

namespace McpImageGen.Tests.Lifecycle;

[Slow]
public sealed class HousekeepingOnServersTests(Servers servers) : HousekeepingTests
{
    private S3Images? _images;

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _images?.Dispose();
    }

    protected override async Task<(JobsOnDatabase Jobs, IImageStore Store)> CreateAsync() =>
        (await JobsOnPostgres.CreateAsync(servers), _images = new S3Images(S3Connection.Parse(await servers.S3.NewBucketAsync())));
}
