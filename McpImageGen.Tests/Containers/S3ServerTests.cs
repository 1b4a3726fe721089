using System.Data.Common;
using System.Net;
using Amazon.S3;
using Amazon.S3.Model;
using McpImageGen.Tests.Testing;

namespace McpImageGen.Tests.Containers;

[Collection<Outages>]
[Slow]
public sealed class S3ServerTests(Servers servers)
{
    private static readonly byte[] Image = [.. Enumerable.Range(0, 100_000).Select(value => (byte)value)];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task New_bucket_name_has_no_bucket()
    {
        var bucket = await NewBucketAsync();
        using var client = servers.S3.NewClient();
        var refusal = await Assert.ThrowsAnyAsync<AmazonS3Exception>(() => PutAsync(client, bucket));
        Assert.Equal(HttpStatusCode.NotFound, refusal.StatusCode);
    }

    [Fact]
    public async Task Stored_object_is_kept_after_S3_is_killed()
    {
        var bucket = await NewBucketAsync();
        using var client = servers.S3.NewClient();
        await client.PutBucketAsync(bucket, Cancel);
        await PutAsync(client, bucket);
        await servers.S3.KillAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => client.ListBucketsAsync(Cancel));
        await servers.S3.StartAsync();

        using var kept = await client.GetObjectAsync(bucket, "image", Cancel);
        using var content = new MemoryStream();
        await kept.ResponseStream.CopyToAsync(content, Cancel);
        Assert.Equal(Image, content.ToArray());
    }

    private static async Task PutAsync(AmazonS3Client client, string bucket)
    {
        using var content = new MemoryStream(Image);
        await client.PutObjectAsync(new PutObjectRequest { BucketName = bucket, Key = "image", InputStream = content }, Cancel);
    }

    private async Task<string> NewBucketAsync()
    {
        var settings = new DbConnectionStringBuilder { ConnectionString = await servers.S3.NewBucketAsync() };
        return (string)settings["Bucket"];
    }
}
