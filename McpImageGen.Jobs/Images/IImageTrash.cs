namespace McpImageGen.Jobs.Images;

/// <summary>Where the image store keeps images that no job has before they are deleted. Nothing in it is served.</summary>
public interface IImageTrash
{
    /// <summary>Moves an image to the trash and deletes its thumbnails; does nothing when there is no such image.</summary>
    /// <param name="image">An image, not a thumbnail.</param>
    /// <param name="day">The day of the move, which is part of the name in the trash.</param>
    /// <exception cref="IOException">The store is unavailable; the same call may succeed later.</exception>
    Task DiscardAsync(ImageKey image, DateOnly day, CancellationToken cancellationToken);

    /// <summary>All images in the trash, in no order.</summary>
    /// <exception cref="IOException">The store is unavailable; the same call may succeed later.</exception>
    IAsyncEnumerable<DiscardedImage> ListDiscardedAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Restores an image from the trash to its place; does nothing when it is there or not in the trash any more. A copy may stay in the trash, so that
    /// no image is lost when another process discards it at the same time.
    /// </summary>
    /// <returns>True if the image was restored.</returns>
    /// <exception cref="IOException">The store is unavailable; the same call may succeed later.</exception>
    Task<bool> RestoreAsync(DiscardedImage image, CancellationToken cancellationToken);

    /// <summary>Deletes an image from the trash for good; does nothing when it is not in the trash any more.</summary>
    /// <exception cref="IOException">The store is unavailable; the same call may succeed later.</exception>
    Task DeleteDiscardedAsync(DiscardedImage image, CancellationToken cancellationToken);
}
