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
    public async Task Whoever_asks_for_the_same_one_at_once_gets_the_same_and_it_is_made_once()
    {
        var thumbnail = (await StoreImageAsync()).Thumbnails.First();

        var made = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => MakeAsync(thumbnail))));

        Assert.All(made, Assert.NotNull);
        Assert.Equal([thumbnail], _store.Stored);
    }

    [Fact]
    public async Task An_unknown_image_costs_one_request_to_the_store_and_its_second_thumbnail_none()
    {
        var unknown = ImageKey.For(Guid.NewGuid(), "image/jpeg");

        foreach (var thumbnail in unknown.Thumbnails)
            Assert.Null(await _thumbnails.GetAsync(thumbnail, "", Cancel));

        Assert.Equal([unknown], _store.Opened);
    }

    [Fact]
    public async Task A_thumbnail_that_nobody_waits_for_any_more_is_not_made()
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
    public async Task Who_does_not_wait_any_more_ends_it_for_nobody_else()
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
    public async Task One_that_cannot_be_stored_is_shown_all_the_same()
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
    public async Task One_whose_image_is_deleted_meanwhile_does_not_stay()
    {
        var image = await StoreImageAsync();
        _store.WhenStoring = () => _store.DeleteAsync(image, Cancel);

        Assert.Null(await MakeAsync(image.Thumbnails.First()));

        Assert.Empty(await ListedAsync());
    }

    [Fact]
    public async Task After_one_that_could_not_be_made_the_next_is()
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
