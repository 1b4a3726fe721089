using Amazon.S3.Model;
using McpImageGen.Jobs.Images;
using McpImageGen.Tests.Containers;
using McpImageGen.Tests.Testing;

namespace McpImageGen.Tests.Lifecycle;

[Slow]
public sealed class StoreOwnershipOnServersTests(Servers servers) : StoreOwnershipTests
{
    private S3Connection? _connection;
    private S3Images? _images;

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _images?.Dispose();
    }

    protected override async Task<IImageStore> NewStoreAsync() =>
        _images = new S3Images(_connection = S3Connection.Parse(await servers.S3.NewBucketAsync()));

    protected override Task<JobsOnDatabase> NewDatabaseAsync() => JobsOnPostgres.CreateAsync(servers);

    protected override async Task DeleteMarkersAsync()
    {
        using var client = servers.S3.NewClient();
        var markers = await client.ListObjectsV2Async(
            new ListObjectsV2Request { BucketName = _connection!.Bucket, Prefix = "databases/" }, TestContext.Current.CancellationToken);
        foreach (var marker in markers.S3Objects)
            await client.DeleteObjectAsync(_connection.Bucket, marker.Key, TestContext.Current.CancellationToken);
    }
}
