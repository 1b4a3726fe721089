using System.Globalization;

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

/// <summary>An image in the trash. Its name there is <c>trash/2026-07-20/KEY</c>.</summary>
/// <param name="Key">The image's key.</param>
/// <param name="Day">The UTC day on which it was moved to the trash.</param>
public sealed record DiscardedImage(ImageKey Key, DateOnly Day)
{
    /// <summary>The folder, or the start of the object's key, of everything in the trash.</summary>
    public const string Folder = "trash";

    private const string DayFormat = "yyyy-MM-dd";

    /// <summary>The name of the day's folder.</summary>
    public string DayName => Day.ToString(DayFormat, CultureInfo.InvariantCulture);

    /// <summary>The image that a day's folder and a name stand for, or null when they stand for none.</summary>
    public static DiscardedImage? Parse(string day, string name) =>
        DateOnly.TryParseExact(day, DayFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out var parsed)
        && ImageKey.Parse(name) is { ThumbnailSide: null } key
            ? new DiscardedImage(key, parsed)
            : null;
}
