using System.Collections.Concurrent;
using McpImageGen.Jobs.Images;

namespace McpImageGen.McpApi.Images;

/// <summary>Creates thumbnails when they are first requested, and stores them next to their images.</summary>
internal sealed partial class Thumbnails(IImageStore store, ILogger<Thumbnails> logger) : IDisposable
{
    private readonly ConcurrentDictionary<ImageKey, Lazy<Task<byte[]?>>> _underWay = new();
    private readonly SemaphoreSlim _places = new(MostAtOnce);

    /// <summary>The maximum number of thumbnails created at the same time. More would slow each other down and use memory for more images.</summary>
    public static int MostAtOnce => Environment.ProcessorCount;

    /// <summary>
    /// Creates a thumbnail that the store does not have. Concurrent requests share one creation. Returns null if the image does not exist.
    /// The thumbnail is completed even if all callers cancel.
    /// </summary>
    /// <exception cref="InvalidDataException">The image is damaged or too large.</exception>
    /// <exception cref="IOException">The store is unavailable; the same call may succeed later.</exception>
    public Task<byte[]?> MakeAsync(ImageKey thumbnail, CancellationToken cancellationToken) =>
        _underWay.GetOrAdd(thumbnail, key => new Lazy<Task<byte[]?>>(() => InTurnAsync(key))).Value.WaitAsync(cancellationToken);

    public void Dispose() => _places.Dispose();

    private async Task<byte[]?> InTurnAsync(ImageKey thumbnail)
    {
        await _places.WaitAsync();
        try
        {
            // Another request may have created it in the meantime.
            return await ReadAsync(thumbnail) ?? await MakeAsync(thumbnail);
        }
        finally
        {
            _underWay.TryRemove(thumbnail, out _);
            _places.Release();
        }
    }

    private async Task<byte[]?> MakeAsync(ImageKey thumbnail)
    {
        if (await ReadAsync(thumbnail.Image) is not { } image)
            return null;

        // On a separate thread, because the thread pool is needed for requests.
        var jpeg = await Task.Factory.StartNew(
            () => ScaledImage.Fill(image, thumbnail.ThumbnailSide!.Value),
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        try
        {
            await store.PutAsync(thumbnail, jpeg, CancellationToken.None);
        }
        catch (IOException exception)
        {
            Log.NotStored(logger, exception.Message);
            return jpeg;
        }

        if (await IsThereAsync(thumbnail.Image))
            return jpeg;
        // The job was deleted in the meantime, possibly before this thumbnail was stored.
        await store.DeleteAsync(thumbnail, CancellationToken.None);
        return null;
    }

    private async Task<byte[]?> ReadAsync(ImageKey key) =>
        await store.OpenAsync(key, CancellationToken.None) is { } image ? await image.ReadAsync(CancellationToken.None) : null;

    private async Task<bool> IsThereAsync(ImageKey key)
    {
        if (await store.OpenAsync(key, CancellationToken.None) is not { Content: var content })
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
