using McpImageGen.Jobs.Images;
using Microsoft.Extensions.Caching.Memory;

namespace McpImageGen.McpApi.Images;

/// <summary>Creates thumbnails when they are first requested, and stores them next to their images.</summary>
internal sealed partial class Thumbnails(IImageStore store, ImageScaler scaler, ILogger<Thumbnails> logger) : IDisposable
{
    private const int MaxKnown = 20_000;

    private static readonly MemoryCacheEntryOptions Exists =
        new() { Size = 1, AbsoluteExpirationRelativeToNow = TimeSpan.FromMinutes(10) };
    private static readonly MemoryCacheEntryOptions IsMissing =
        new() { Size = 1, AbsoluteExpirationRelativeToNow = TimeSpan.FromSeconds(5), Priority = CacheItemPriority.Low };

    private readonly MemoryCache _known = new(new MemoryCacheOptions { SizeLimit = MaxKnown });
    private readonly WorkCoalescer<ImageKey, byte[]?> _underWay = new();

    /// <summary>
    /// Finds a thumbnail, or creates it. For an unknown image this is one request to the store. Concurrent requests share one creation, which is
    /// cancelled when all of them are cancelled. Returns null if the image does not exist.
    /// </summary>
    /// <param name="thumbnail">The key of the thumbnail.</param>
    /// <param name="line">Who asks: the requests of one line wait for each other, and the lines take turns.</param>
    /// <param name="cancellationToken">The caller no longer waits.</param>
    /// <exception cref="InvalidDataException">The image is damaged or too large.</exception>
    /// <exception cref="IOException">The store is unavailable; the same call may succeed later.</exception>
    /// <exception cref="ScalingQueueFullException">Too many images are waiting to be scaled.</exception>
    public async Task<StoredImage?> GetAsync(ImageKey thumbnail, string line, CancellationToken cancellationToken)
    {
        if (!await HasImageAsync(thumbnail.Image, cancellationToken))
            return null;
        if (await store.OpenAsync(thumbnail, cancellationToken) is { } stored)
            return stored;
        var jpeg = await _underWay.WaitAsync(thumbnail, cancel => CreateAsync(thumbnail, line, cancel), cancellationToken);
        return jpeg is null ? null : new StoredImage(new MemoryStream(jpeg), StoredAt: null);
    }

    public void Dispose() => _known.Dispose();

    private async Task<bool> HasImageAsync(ImageKey image, CancellationToken cancellationToken)
    {
        if (_known.TryGetValue(image, out bool known))
            return known;
        var exists = await IsThereAsync(image, cancellationToken);
        _known.Set(image, exists, exists ? Exists : IsMissing);
        return exists;
    }

    private async Task<byte[]?> CreateAsync(ImageKey thumbnail, string line, CancellationToken cancellationToken)
    {
        // It may have been created after the caller looked for it and before the caller joined.
        if (await store.OpenAsync(thumbnail, cancellationToken) is { } stored)
            return await stored.ReadAsync(cancellationToken);
        var jpeg = await scaler.ScaleAsync(line, thumbnail.Image, image => ScaledImage.Fill(image, thumbnail.ThumbnailSide!.Value), cancellationToken);
        if (jpeg is null)
            return null;
        try
        {
            await store.PutAsync(thumbnail, jpeg, CancellationToken.None);
        }
        catch (IOException exception)
        {
            Log.NotStored(logger, exception.Message);
            return jpeg;
        }

        if (await IsThereAsync(thumbnail.Image, CancellationToken.None))
            return jpeg;
        // The job was deleted in the meantime, possibly before this thumbnail was stored.
        await store.DeleteAsync(thumbnail, CancellationToken.None);
        return null;
    }

    private async Task<bool> IsThereAsync(ImageKey image, CancellationToken cancellationToken)
    {
        if (await store.OpenAsync(image, cancellationToken) is not { Content: var content })
            return false;
        await content.DisposeAsync();
        return true;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Could not store a thumbnail; it will be created again on the next request: {Reason}")]
        public static partial void NotStored(ILogger logger, string reason);
    }
}
