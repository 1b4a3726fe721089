using Amazon.S3;
using Amazon.S3.Model;
using McpImageGen.Jobs.Images;
using McpImageGen.Tests.Containers;
using McpImageGen.Tests.Testing;

namespace McpImageGen.Tests.Ports;

/// <summary>With a key that has only the permissions of docs/policies/images.json, the image store can do all that it must.</summary>
[Slow]
public sealed class S3LimitedKeyTests(Servers servers) : ImageStoreContract, IDisposable
{
    private S3Connection? _connection;
    private S3Images? _store;

    public void Dispose() => _store?.Dispose();

    [Fact]
    public async Task Limited_key_cannot_use_another_bucket_or_delete_its_own()
    {
        var other = S3Connection.Parse(await servers.S3.NewLimitedBucketAsync());
        await EmptyStoreAsync();
        using var foreign = new S3Images(_connection! with { Bucket = other.Bucket });
        using var client = new AmazonS3Client(_connection.AccessKey, _connection.SecretKey, new AmazonS3Config
        {
            ServiceURL = _connection.Endpoint.AbsoluteUri,
            ForcePathStyle = true,
            AuthenticationRegion = _connection.Region,
        });

        await Assert.ThrowsAsync<ImageStoreRefusedException>(() => foreign.OpenAsync(NewKey(), Cancel));
        var refusal = await Assert.ThrowsAnyAsync<AmazonS3Exception>(() => client.DeleteBucketAsync(_connection.Bucket, Cancel));
        Assert.Equal("AccessDenied", refusal.ErrorCode);
        // Last, because Ceph answers what comes next on that connection with 400.
        await Assert.ThrowsAsync<ImageStoreRefusedException>(() => foreign.PutAsync(NewKey(), Bytes(10), Cancel));
    }

    protected override async Task<IImageStore> EmptyStoreAsync()
    {
        _connection = S3Connection.Parse(await servers.S3.NewLimitedBucketAsync());
        return _store = new S3Images(_connection);
    }

    protected override async Task PutBesideAsync(IImageStore store, string name)
    {
        using var client = servers.S3.NewClient();
        await client.PutObjectAsync(new PutObjectRequest { BucketName = _connection!.Bucket, Key = name, ContentBody = "no image" }, Cancel);
    }
}
