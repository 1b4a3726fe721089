using McpImageGen.Jobs.Images;
using McpImageGen.McpApi.Images;
using McpImageGen.Standalone.Embedded;
using McpImageGen.Tests.Testing;
using SkiaSharp;

namespace McpImageGen.Tests.Images;

/// <summary>The previews that are attached to results.</summary>
public sealed class PreviewCacheTests : IDisposable
{
    private const int Plenty = 700_000;

    private readonly TemporaryFolder _folder = new();
    private readonly ObservedStore _store;
    private readonly ImageScaler _scaler;
    private readonly PreviewCache _previews;

    public PreviewCacheTests()
    {
        _store = new ObservedStore(new ImageFiles(_folder.Path));
        _scaler = new ImageScaler(_store);
        _previews = new PreviewCache(_scaler);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _previews.Dispose();
        _scaler.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Preview_is_computed_once_for_concurrent_and_later_calls()
    {
        var image = await StoreAsync();

        var previews = await Task.WhenAll(Enumerable.Range(0, 80).Select(_ => _previews.GetAsync("owner", image, Plenty, Cancel)));
        var later = await _previews.GetAsync("another", image, Plenty, Cancel);
        var smaller = await _previews.GetAsync("owner", image, later!.Length, Cancel);

        Assert.All(previews.Append(smaller), preview => Assert.Same(later, preview));
        Assert.Single(_store.Opened);
    }

    [Fact]
    public async Task Preview_with_a_smaller_size_limit_is_computed_again()
    {
        var image = await StoreAsync();
        var large = await _previews.GetAsync("owner", image, Plenty, Cancel);

        var small = await _previews.GetAsync("owner", image, large!.Length - 1, Cancel);

        Assert.True(small!.Length < large.Length);
        Assert.Equal(2, _store.Opened.Count);
    }

    private async Task<ImageKey> StoreAsync()
    {
        var key = ImageKey.For(Guid.NewGuid(), "image/png");
        using var picture = new SKBitmap(new SKImageInfo(256, 256, SKColorType.Rgba8888, SKAlphaType.Opaque));
        new Random(7).NextBytes(picture.GetPixelSpan());
        using var file = picture.Encode(SKEncodedImageFormat.Png, 100);
        await _store.PutAsync(key, file.ToArray(), Cancel);
        return key;
    }
}
