using McpImageGen.Jobs.Images;
using McpImageGen.Tests.Containers;
using McpImageGen.Tests.Testing;

namespace McpImageGen.Tests.Ports;

[Collection<Outages>]
[Slow]
public sealed class S3OutageTests(Servers servers)
{
    private static readonly byte[] Image = new byte[1000];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Image_store_can_be_used_again_after_an_outage()
    {
        using var store = new S3Images(S3Connection.Parse(await servers.S3.NewBucketAsync()));
        var key = ImageKey.For(Guid.NewGuid(), "image/png");
        await ExecuteWithRetryAsync(() => PutAsync(store, key));

        await servers.S3.KillAsync();
        await Assert.ThrowsAsync<IOException>(() => store.PutAsync(key, Image, Cancel));
        await Assert.ThrowsAsync<IOException>(() => store.OpenAsync(key, Cancel));
        await Assert.ThrowsAsync<IOException>(() => store.DeleteAsync(key, Cancel));
        await Assert.ThrowsAsync<IOException>(() => store.EnsureBucketAsync(Cancel));

        await servers.S3.StartAsync();
        var image = await ExecuteWithRetryAsync(() => store.OpenAsync(key, Cancel));
        Assert.NotNull(image);
        await using var content = image.Content;
        Assert.Equal(Image.Length, content.Length);
        await ExecuteWithRetryAsync(() => PutAsync(store, ImageKey.For(Guid.NewGuid(), "image/png")));
    }

    private static async Task<ImageKey> PutAsync(S3Images store, ImageKey key)
    {
        await store.PutAsync(key, Image, Cancel);
        return key;
    }

    /// <summary>As whoever uses the port does: a store that has just started may still be too slow for the first calls.</summary>
    private static async Task<T> ExecuteWithRetryAsync<T>(Func<Task<T>> ask)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            try
            {
                return await ask();
            }
            catch (IOException) when (!limit.IsCancellationRequested)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), Cancel);
            }
        }
    }
}
