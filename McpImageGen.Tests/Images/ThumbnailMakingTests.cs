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
    private readonly Thumbnails _thumbnails;

    public ThumbnailMakingTests()
    {
        _store = new ObservedStore(new ImageFiles(_folder.Path));
        _thumbnails = new Thumbnails(_store, NullLogger<Thumbnails>.Instance);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _thumbnails.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Whoever_asks_for_the_same_one_at_once_gets_the_same_and_it_is_made_once()
    {
        var thumbnail = (await StoreImageAsync()).Thumbnails.First();

        var made = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => _thumbnails.MakeAsync(thumbnail, Cancel))));

        Assert.All(made, Assert.NotNull);
        Assert.Equal([thumbnail], _store.Stored);
    }

    [Fact]
    public async Task Those_that_are_made_at_once_are_no_more_than_there_are_cores()
    {
        var images = await Task.WhenAll(Enumerable.Range(0, 4 * Thumbnails.MostAtOnce).Select(_ => StoreImageAsync()));

        var made = await Task.WhenAll(images.Select(image => _thumbnails.MakeAsync(image.Thumbnails.First(), Cancel)));

        Assert.All(made, Assert.NotNull);
        Assert.InRange(_store.MostAtOnce, 1, Thumbnails.MostAtOnce);
    }

    [Fact]
    public async Task Who_does_not_wait_any_more_ends_it_for_nobody_else()
    {
        var thumbnail = (await StoreImageAsync()).Thumbnails.First();
        using var leaves = new CancellationTokenSource();
        var stored = new TaskCompletionSource();
        _store.WhenStoring = () => stored.Task;
        var left = _thumbnails.MakeAsync(thumbnail, leaves.Token);
        var stays = _thumbnails.MakeAsync(thumbnail, Cancel);

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

        Assert.NotNull(await _thumbnails.MakeAsync(thumbnail, Cancel));

        Assert.DoesNotContain(thumbnail, await ListedAsync());
        _store.WhenStoring = null;
        Assert.NotNull(await _thumbnails.MakeAsync(thumbnail, Cancel));
        Assert.Contains(thumbnail, await ListedAsync());
    }

    [Fact]
    public async Task One_whose_image_is_deleted_meanwhile_does_not_stay()
    {
        var image = await StoreImageAsync();
        _store.WhenStoring = () => _store.DeleteAsync(image, Cancel);

        Assert.Null(await _thumbnails.MakeAsync(image.Thumbnails.First(), Cancel));

        Assert.Empty(await ListedAsync());
    }

    [Fact]
    public async Task After_one_that_could_not_be_made_the_next_is()
    {
        var broken = ImageKey.For(Guid.NewGuid(), "image/png");
        await _store.PutAsync(broken, new byte[100], Cancel);

        foreach (var _ in Enumerable.Range(0, 2 * Thumbnails.MostAtOnce))
            await Assert.ThrowsAsync<InvalidDataException>(() => _thumbnails.MakeAsync(broken.Thumbnails.First(), Cancel));

        Assert.NotNull(await _thumbnails.MakeAsync((await StoreImageAsync()).Thumbnails.First(), Cancel));
    }

    private async Task<ImageKey> StoreImageAsync()
    {
        var key = ImageKey.For(Guid.NewGuid(), "image/png");
        using var picture = new SKBitmap(1024, 1024);
        using var file = picture.Encode(SKEncodedImageFormat.Png, 100);
        await _store.PutAsync(key, file.ToArray(), Cancel);
        return key;
    }

    private async Task<List<ImageKey>> ListedAsync() => await _store.ListAsync(Cancel).Select(image => image.Key).ToListAsync(Cancel);

    /// <summary>Sees each thumbnail from when it is looked for until it is stored, and can make trouble before that.</summary>
    private sealed class ObservedStore(IImageStore store) : IImageStore
    {
        private readonly Lock _lock = new();
        private int _atOnce;

        public int MostAtOnce { get; private set; }

        public List<ImageKey> Stored { get; } = [];

        public Func<Task>? WhenStoring { get; set; }

        public async Task PutAsync(ImageKey key, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
        {
            if (key.ThumbnailSide is not null && WhenStoring is { } trouble)
                await trouble();
            await store.PutAsync(key, bytes, cancellationToken);
            if (key.ThumbnailSide is null)
                return;
            lock (_lock)
            {
                Stored.Add(key);
                _atOnce--;
            }
        }

        public Task<StoredImage?> OpenAsync(ImageKey key, CancellationToken cancellationToken)
        {
            if (key.ThumbnailSide is not null)
            {
                lock (_lock)
                    MostAtOnce = Math.Max(MostAtOnce, ++_atOnce);
            }

            return store.OpenAsync(key, cancellationToken);
        }

        public Task DeleteAsync(ImageKey key, CancellationToken cancellationToken) => store.DeleteAsync(key, cancellationToken);

        public IAsyncEnumerable<ListedImage> ListAsync(CancellationToken cancellationToken) => store.ListAsync(cancellationToken);

        public Task CheckAsync(CancellationToken cancellationToken) => store.CheckAsync(cancellationToken);

        public Task ProbeAsync(CancellationToken cancellationToken) => store.ProbeAsync(cancellationToken);
    }
}
