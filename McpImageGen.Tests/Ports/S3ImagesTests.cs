using Amazon.S3.Model;
using McpImageGen.Jobs.Images;
using McpImageGen.Tests.Containers;
using McpImageGen.Tests.Testing;

namespace McpImageGen.Tests.Ports;

[Slow]
public sealed class S3ImagesTests(Servers servers) : ImageStoreContract, IDisposable
{
    private readonly List<S3Images> _stores = [];
    private S3Connection? _connection;

    public void Dispose() => _stores.ForEach(store => store.Dispose());

    [Fact]
    public async Task Concurrently_started_replicas_create_one_bucket()
    {
        var connection = await NewConnectionAsync();
        var replicas = Enumerable.Range(0, 8).Select(_ => Open(connection)).ToList();
        var keys = replicas.ConvertAll(_ => NewKey());

        await Task.WhenAll(replicas.Zip(keys, (replica, key) => replica.PutAsync(key, Bytes(10), Cancel)));

        foreach (var key in keys)
            Assert.Equal(Bytes(10), await ReadAsync(replicas[0], key));
    }

    [Fact]
    public async Task EnsureBucket_creates_the_bucket_and_keeps_an_existing_one()
    {
        var connection = await NewConnectionAsync();
        var store = Open(connection);

        await store.EnsureBucketAsync(Cancel);
        await store.EnsureBucketAsync(Cancel);

        using var client = servers.S3.NewClient();
        Assert.Contains((await client.ListBucketsAsync(Cancel)).Buckets, bucket => bucket.BucketName == connection.Bucket);
    }

    [Fact]
    public async Task Removed_bucket_is_created_again_after_a_failed_store_operation()
    {
        var connection = await NewConnectionAsync();
        var store = Open(connection);
        await store.EnsureBucketAsync(Cancel);
        using var client = servers.S3.NewClient();
        await client.DeleteBucketAsync(connection.Bucket, Cancel);
        var key = NewKey();

        await Assert.ThrowsAsync<IOException>(() => store.PutAsync(key, Bytes(10), Cancel));
        // Ceph answers what comes next on that connection with 400, once.
        if (await Record.ExceptionAsync(() => store.PutAsync(key, Bytes(10), Cancel)) is IOException)
            await store.PutAsync(key, Bytes(10), Cancel);

        Assert.Equal(Bytes(10), await ReadAsync(store, key));
    }

    [Theory]
    [InlineData("image/jpeg")]
    [InlineData("image/webp")]
    public async Task Stored_image_has_its_content_type_and_a_private_cache_header(string contentType)
    {
        var connection = await NewConnectionAsync();
        var key = ImageKey.For(Guid.NewGuid(), contentType);

        await Open(connection).PutAsync(key, Bytes(10), Cancel);

        using var client = servers.S3.NewClient();
        var stored = await client.GetObjectMetadataAsync(connection.Bucket, key.ToString(), Cancel);
        Assert.Equal(contentType, stored.Headers.ContentType);
        Assert.Equal("max-age=3600, private", string.Join(", ", stored.Headers.CacheControl.Split(", ").Order(StringComparer.Ordinal)));
    }

    [Fact]
    public async Task Stored_thumbnail_has_the_JPEG_content_type()
    {
        var connection = await NewConnectionAsync();
        var thumbnail = ImageKey.For(Guid.NewGuid(), "image/png").Thumbnails.First();

        await Open(connection).PutAsync(thumbnail, Bytes(10), Cancel);

        using var client = servers.S3.NewClient();
        Assert.Equal("image/jpeg", (await client.GetObjectMetadataAsync(connection.Bucket, thumbnail.ToString(), Cancel)).Headers.ContentType);
    }

    [Fact]
    public async Task Reading_an_image_that_was_deleted_meanwhile_fails()
    {
        var store = Open(await NewConnectionAsync());
        var key = NewKey();
        await store.PutAsync(key, Bytes(10), Cancel);
        await using var content = (await store.OpenAsync(key, Cancel))!.Content;

        await store.DeleteAsync(key, Cancel);

        await Assert.ThrowsAnyAsync<IOException>(() => content.ReadExactlyAsync(new byte[10], Cancel).AsTask());
    }

    [Fact]
    public async Task More_images_are_listed_than_fit_in_one_response()
    {
        var store = Open(await NewConnectionAsync());
        var keys = Enumerable.Range(0, 1050).Select(_ => NewKey()).ToHashSet();
        await Parallel.ForEachAsync(keys, Cancel, async (key, cancel) => await store.PutAsync(key, Bytes(10), cancel));

        Assert.Equal(keys, await store.ListAsync(Cancel).Select(image => image.Key).ToHashSetAsync(cancellationToken: Cancel));
    }

    [Fact]
    public async Task Invalid_secret_key_is_reported_without_the_secret()
    {
        var store = Open(await NewConnectionAsync() with { SecretKey = "not-the-secret" });

        var exception = await Assert.ThrowsAsync<ImageStoreRefusedException>(() => store.PutAsync(NewKey(), Bytes(10), Cancel));

        Assert.Equal("The image store responded with 403 SignatureDoesNotMatch.", exception.Message);
    }

    protected override async Task<IImageStore> EmptyStoreAsync() => Open(_connection = await NewConnectionAsync());

    protected override async Task PutBesideAsync(IImageStore store, string name)
    {
        using var client = servers.S3.NewClient();
        await client.PutObjectAsync(
            new PutObjectRequest { BucketName = _connection!.Bucket, Key = name, ContentBody = "something else" }, Cancel);
    }

    private async Task<S3Connection> NewConnectionAsync() => S3Connection.Parse(await servers.S3.NewBucketAsync());

    private S3Images Open(S3Connection connection)
    {
        var store = new S3Images(connection);
        _stores.Add(store);
        return store;
    }
}
