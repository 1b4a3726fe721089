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

/// <summary>The image store answers and does not permit what was asked: an operator has to correct its permissions or credentials.</summary>
public sealed class ImageStoreRefusedException(string message, Exception inner) : IOException(message, inner);

/// <summary>An image or a thumbnail in the store.</summary>
/// <param name="Key">Its name.</param>
/// <param name="StoredAt">When it was stored, by the store's clock.</param>
public sealed record ListedImage(ImageKey Key, DateTimeOffset StoredAt);

/// <summary>An image in the store. The caller that opened it must dispose the content.</summary>
/// <param name="Content">The bytes as a seekable stream, so that a range can be sent; its length is the image's length.</param>
/// <param name="StoredAt">When it was stored; null if it is not stored yet.</param>
public sealed record StoredImage(Stream Content, DateTimeOffset? StoredAt)
{
    /// <summary>
    /// How images may be cached. Shared caches must not store images, so that a deleted image is no longer served; the client uses its own copy for an
    /// hour and then revalidates it.
    /// </summary>
    public const string CacheControl = "private, max-age=3600";

    /// <summary>Reads the whole image and disposes the content.</summary>
    /// <exception cref="IOException">The store is unavailable, or the image was deleted in the meantime.</exception>
    public async Task<byte[]> ReadAsync(CancellationToken cancellationToken)
    {
        await using (Content)
        {
            var bytes = new byte[Content.Length];
            await Content.ReadExactlyAsync(bytes, cancellationToken);
            return bytes;
        }
    }
}

/// <summary>The image store works, but it cannot read this image, for instance because of the permissions of its file.</summary>
public sealed class ImageUnreadableException(string message, Exception inner) : IOException(message, inner);
