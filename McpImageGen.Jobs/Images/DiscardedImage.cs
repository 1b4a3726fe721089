using System.Globalization;

namespace McpImageGen.Jobs.Images;

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
