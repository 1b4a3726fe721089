namespace McpImageGen.Jobs.Images;

/// <summary>An image as it lies in the store. Whoever opened it disposes of its content.</summary>
/// <param name="Content">The bytes, seekable, so that a range of them can be sent; its length is the image's.</param>
/// <param name="StoredAt">When it was stored.</param>
public sealed record StoredImage(Stream Content, DateTimeOffset StoredAt)
{
    /// <summary>
    /// How images may be cached. No cache between the server and the client keeps one, so a deleted image is not served any more; the client's own copy is
    /// used for an hour and then checked.
    /// </summary>
    public const string CacheControl = "private, max-age=3600";

    /// <summary>Reads the whole image and disposes of its content.</summary>
    /// <exception cref="IOException">The store is away, or the image was removed meanwhile.</exception>
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
