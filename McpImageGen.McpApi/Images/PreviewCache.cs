using McpImageGen.Jobs.Images;
using Microsoft.Extensions.Caching.Memory;

namespace McpImageGen.McpApi.Images;

/// <summary>Creates the previews of images and keeps the latest ones in memory, so that the same result is not computed for each call.</summary>
internal sealed class PreviewCache(ImageScaler scaler) : IDisposable
{
    /// <summary>The longest side of a preview in pixels.</summary>
    private const int Side = 1024;

    /// <summary>The maximum total size of the previews in memory, in bytes.</summary>
    private const long Capacity = 64_000_000;

    private static readonly TimeSpan KeptUnused = TimeSpan.FromMinutes(10);

    private readonly MemoryCache _kept = new(new MemoryCacheOptions { SizeLimit = Capacity });
    private readonly WorkCoalescer<(ImageKey Image, int MaxBytes), byte[]?> _underWay = new();

    /// <summary>The preview of an image, as large as allowed; null if the image does not exist.</summary>
    /// <inheritdoc cref="ImageScaler.ScaleAsync" path="/exception"/>
    public async Task<byte[]?> GetAsync(string owner, ImageKey image, int maxBytes, CancellationToken cancellationToken)
    {
        if (Find(image, maxBytes) is { } kept)
            return kept;
        return await _underWay.WaitAsync((image, maxBytes), cancel => CreateAsync(owner, image, maxBytes, cancel), cancellationToken);
    }

    public void Dispose() => _kept.Dispose();

    // The first that is small enough is attached, so one that was made for a higher limit is the same, if it is small enough.
    private byte[]? Find(ImageKey image, int maxBytes) =>
        _kept.TryGetValue(image, out Kept? kept) && kept!.Jpeg.Length <= maxBytes && maxBytes <= kept.MaxBytes ? kept.Jpeg : null;

    private async Task<byte[]?> CreateAsync(string owner, ImageKey image, int maxBytes, CancellationToken cancellationToken)
    {
        // It may have been created after the caller looked for it and before the caller joined.
        if (Find(image, maxBytes) is { } kept)
            return kept;
        var jpeg = await scaler.ScaleAsync("owner " + owner, image, bytes => ScaledImage.Fit(bytes, Side, maxBytes), cancellationToken);
        if (jpeg is not null)
        {
            _kept.Set(image, new Kept(jpeg, maxBytes), new MemoryCacheEntryOptions { Size = jpeg.Length, SlidingExpiration = KeptUnused });
        }

        return jpeg;
    }

    /// <param name="Jpeg">The preview.</param>
    /// <param name="MaxBytes">The limit that it was made for.</param>
    private sealed record Kept(byte[] Jpeg, int MaxBytes);
}
