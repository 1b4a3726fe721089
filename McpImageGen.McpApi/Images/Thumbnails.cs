using System.Collections.Concurrent;
using McpImageGen.Jobs.Images;

namespace McpImageGen.McpApi.Images;

/// <summary>Makes the thumbnails of images when they are first asked for, and stores them beside their images.</summary>
internal sealed partial class Thumbnails(IImageStore store, ILogger<Thumbnails> logger) : IDisposable
{
    private readonly ConcurrentDictionary<ImageKey, Lazy<Task<byte[]?>>> _underWay = new();
    private readonly SemaphoreSlim _places = new(MostAtOnce);

    /// <summary>More at once would take longer each, and all their images' memory.</summary>
    public static int MostAtOnce => Environment.ProcessorCount;

    /// <summary>
    /// Makes a thumbnail that the store does not have, once for all who ask meanwhile; null when there is no image to make it from.
    /// It is made to its end also when nobody waits for it any more.
    /// </summary>
    /// <exception cref="InvalidDataException">The image is broken or far too large.</exception>
    /// <exception cref="IOException">The store is away; the same call may succeed later.</exception>
    public Task<byte[]?> MakeAsync(ImageKey thumbnail, CancellationToken cancellationToken) =>
        _underWay.GetOrAdd(thumbnail, key => new Lazy<Task<byte[]?>>(() => InTurnAsync(key))).Value.WaitAsync(cancellationToken);

    public void Dispose() => _places.Dispose();

    private async Task<byte[]?> InTurnAsync(ImageKey thumbnail)
    {
        await _places.WaitAsync();
        try
        {
            // It may have been made since this one was asked for.
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

        // On a thread of its own: those of the pool answer calls.
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
        // The job was removed meanwhile, and maybe before there was this thumbnail to remove.
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
