namespace McpImageGen.Jobs.Images;

/// <summary>Holds the bytes of images, and of their thumbnails, under keys. An image never changes once it is stored.</summary>
public interface IImageStore
{
    /// <summary>Stores a whole image or nothing: a crash leaves no half image under the key.</summary>
    /// <exception cref="ImageStoreRefusedException">The store does not permit it.</exception>
    /// <exception cref="IOException">The store is away or full; the same call may succeed later.</exception>
    Task PutAsync(ImageKey key, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken);

    /// <summary>Opens an image for reading, or null when there is none of that key.</summary>
    /// <exception cref="IOException">The store is away; the same call may succeed later.</exception>
    Task<StoredImage?> OpenAsync(ImageKey key, CancellationToken cancellationToken);

    /// <summary>
    /// Removes an image and then its thumbnails, or only a thumbnail where the key is that of one; does nothing when there is none of that key.
    /// </summary>
    /// <exception cref="IOException">The store is away and some may still be there; the same call may succeed later.</exception>
    Task DeleteAsync(ImageKey key, CancellationToken cancellationToken);

    /// <summary>
    /// All images and thumbnails, in no order, fetched while they are read: any number of them takes little memory. Only what is named like one
    /// is listed. What is stored or removed meanwhile may be listed or not.
    /// </summary>
    /// <exception cref="IOException">The store is away; the same call may succeed later.</exception>
    IAsyncEnumerable<ListedImage> ListAsync(CancellationToken cancellationToken);

    /// <summary>Checks that the store is there, without writing to it; makes what it lacks.</summary>
    /// <exception cref="IOException">The store is unavailable; the same call may succeed later.</exception>
    Task CheckAsync(CancellationToken cancellationToken);

    /// <summary>Writes a small object that is no image, to find out whether images can be stored.</summary>
    /// <exception cref="ImageStoreRefusedException">The store does not permit it.</exception>
    /// <exception cref="IOException">The store is unavailable or full; the same call may succeed later.</exception>
    Task ProbeAsync(CancellationToken cancellationToken);
}
