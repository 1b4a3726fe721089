namespace McpImageGen.Jobs.Images;

/// <summary>Stores the bytes of images and their thumbnails under keys. An image never changes once it is stored.</summary>
public interface IImageStore
{
    /// <summary>Stores an image atomically: a crash never leaves a partial image under the key.</summary>
    /// <exception cref="ImageStoreRefusedException">The store does not permit it.</exception>
    /// <exception cref="IOException">The store is unavailable or full; the same call may succeed later.</exception>
    Task PutAsync(ImageKey key, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken);

    /// <summary>Opens an image for reading; null if there is no image with that key.</summary>
    /// <exception cref="IOException">The store is unavailable; the same call may succeed later.</exception>
    Task<StoredImage?> OpenAsync(ImageKey key, CancellationToken cancellationToken);

    /// <summary>
    /// Deletes an image and then its thumbnails, or only a thumbnail if the key is a thumbnail's; does nothing if the key does not exist.
    /// </summary>
    /// <exception cref="IOException">The store is unavailable, and some files may remain; the same call may succeed later.</exception>
    Task DeleteAsync(ImageKey key, CancellationToken cancellationToken);

    /// <summary>
    /// Lists all images and thumbnails, in no particular order. They are streamed, so memory use stays small. Files with other names are
    /// skipped. Images stored or deleted during the listing may or may not be included.
    /// </summary>
    /// <exception cref="IOException">The store is unavailable; the same call may succeed later.</exception>
    IAsyncEnumerable<ListedImage> ListAsync(CancellationToken cancellationToken);

    /// <summary>Checks that the store is there, without writing to it; makes what it lacks.</summary>
    /// <exception cref="IOException">The store is unavailable; the same call may succeed later.</exception>
    Task CheckAsync(CancellationToken cancellationToken);

    /// <summary>Writes a small object that is no image, to find out whether images can be stored.</summary>
    /// <exception cref="ImageStoreRefusedException">The store does not permit it.</exception>
    /// <exception cref="IOException">The store is unavailable or full; the same call may succeed later.</exception>
    Task ProbeAsync(CancellationToken cancellationToken);
}
