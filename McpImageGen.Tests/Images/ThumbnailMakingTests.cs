using McpImageGen.Jobs.Images;
using McpImageGen.McpApi.Images;
using McpImageGen.Standalone.Embedded;
using McpImageGen.Tests.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using SkiaSharp;

namespace McpImageGen.Tests.Images;

/// <summary>How thumbnails are made when many are asked for at once, and when the store makes trouble meanwhile.</summary>
public sealed class ThumbnailMakingTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ObservedStore _store;
    private readonly ImageScaler _scaler;
    private readonly Thumbnails _thumbnails;

    public ThumbnailMakingTests()
    {
        _store = new ObservedStore(new ImageFiles(_folder.Path));
        _scaler = new ImageScaler(_store);
        _thumbnails = new Thumbnails(_store, _scaler, NullLogger<Thumbnails>.Instance);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _thumbnails.Dispose();
        _scaler.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Concurrent_requests_for_one_thumbnail_create_it_once()
    {
        var thumbnail = (await StoreImageAsync()).Thumbnails.First();

        var made = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => MakeAsync(thumbnail))));

        Assert.All(made, Assert.NotNull);
        Assert.Equal([thumbnail], _store.Stored);
    }

    [Fact]
    public async Task Thumbnails_of_an_unknown_image_cause_only_one_image_store_request()
    {
        var unknown = ImageKey.For(Guid.NewGuid(), "image/jpeg");

        foreach (var thumbnail in unknown.Thumbnails)
            Assert.Null(await _thumbnails.GetAsync(thumbnail, "", Cancel));

        Assert.Equal([unknown], _store.Opened);
    }

    [Fact]
    public async Task Thumbnail_is_not_created_if_all_requests_are_cancelled()
    {
        var image = await StoreImageAsync();
        var opened = new TaskCompletionSource();
        _store.WhenOpening = () => opened.Task;
        using var leaves = new CancellationTokenSource();
        var left = image.Thumbnails.Select(thumbnail => _thumbnails.GetAsync(thumbnail, "", leaves.Token)).ToList();

        await leaves.CancelAsync();
        foreach (var thumbnail in left)
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => thumbnail);
        _store.WhenOpening = null;
        opened.SetResult();

        Assert.NotNull(await MakeAsync((await StoreImageAsync()).Thumbnails.First()));
        Assert.DoesNotContain(await ListedAsync(), key => key.ThumbnailSide is not null && key.Image == image);
    }

    [Fact]
    public async Task Cancelled_request_does_not_cancel_the_thumbnail_for_other_requests()
    {
        var thumbnail = (await StoreImageAsync()).Thumbnails.First();
        using var leaves = new CancellationTokenSource();
        var stored = new TaskCompletionSource();
        _store.WhenStoring = () => stored.Task;
        var left = _thumbnails.GetAsync(thumbnail, "", leaves.Token);
        var stays = MakeAsync(thumbnail);

        await leaves.CancelAsync();
        stored.SetResult();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        Assert.NotNull(await stays);
    }

    [Fact]
    public async Task Thumbnail_is_returned_even_if_it_cannot_be_stored()
    {
        var thumbnail = (await StoreImageAsync()).Thumbnails.First();
        _store.WhenStoring = () => throw new IOException("The disk is full.");

        Assert.NotNull(await MakeAsync(thumbnail));

        Assert.DoesNotContain(thumbnail, await ListedAsync());
        _store.WhenStoring = null;
        Assert.NotNull(await MakeAsync(thumbnail));
        Assert.Contains(thumbnail, await ListedAsync());
    }

    [Fact]
    public async Task Thumbnail_is_removed_if_its_image_is_deleted_meanwhile()
    {
        var image = await StoreImageAsync();
        _store.WhenStoring = () => _store.DeleteAsync(image, Cancel);

        Assert.Null(await MakeAsync(image.Thumbnails.First()));

        Assert.Empty(await ListedAsync());
    }

    [Fact]
    public async Task Thumbnails_are_created_after_earlier_failures()
    {
        var broken = ImageKey.For(Guid.NewGuid(), "image/png");
        await _store.PutAsync(broken, new byte[100], Cancel);

        foreach (var _ in Enumerable.Range(0, 2 * ImageScaler.MaxConcurrent))
            await Assert.ThrowsAsync<InvalidDataException>(() => MakeAsync(broken.Thumbnails.First()));

        Assert.NotNull(await MakeAsync((await StoreImageAsync()).Thumbnails.First()));
    }

    private async Task<byte[]?> MakeAsync(ImageKey thumbnail) =>
        await _thumbnails.GetAsync(thumbnail, "", Cancel) is { } made ? await made.ReadAsync(Cancel) : null;

    private async Task<ImageKey> StoreImageAsync()
    {
        var key = ImageKey.For(Guid.NewGuid(), "image/png");
        using var picture = new SKBitmap(1024, 1024);
        using var file = picture.Encode(SKEncodedImageFormat.Png, 100);
        await _store.PutAsync(key, file.ToArray(), Cancel);
        return key;
    }

    private async Task<List<ImageKey>> ListedAsync() => await _store.ListAsync(Cancel).Select(image => image.Key).ToListAsync(Cancel);
}
