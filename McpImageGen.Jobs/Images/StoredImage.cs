namespace McpImageGen.Jobs.Images;

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
