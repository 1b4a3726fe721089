using System.Globalization;
using System.Text.RegularExpressions;

namespace McpImageGen.Jobs.Images;

/// <summary>
/// The name of a stored image: the claim that made it, which is 128 random bits, and the ending of its type; or of one of its thumbnails:
/// the image's name, the thumbnail's side and its ending. So no two claims share a key, nobody can guess one, and no key leads out of the
/// store.
/// </summary>
public sealed partial record ImageKey
{
    private static readonly Dictionary<string, string> ContentTypes = new()
    {
        ["jpg"] = "image/jpeg",
        ["png"] = "image/png",
        ["webp"] = "image/webp",
        ["gif"] = "image/gif",
        ["avif"] = "image/avif",
    };

    private readonly string _value;
    private readonly ImageKey? _image;

    private ImageKey(string value) => _value = value;

    private ImageKey(ImageKey image, int side)
        : this($"{image}.{side}.jpg")
    {
        _image = image;
        ThumbnailSide = side;
    }

    /// <summary>The sides of the squares that thumbnails fill, in pixels: there are no others.</summary>
    public static IReadOnlyList<int> ThumbnailSides { get; } = [320, 640];

    /// <summary>The side of the square that a thumbnail fills, in pixels; null for an image.</summary>
    public int? ThumbnailSide { get; }

    /// <summary>The image that a thumbnail was made from; an image's own key.</summary>
    public ImageKey Image => _image ?? this;

    /// <summary>The thumbnails that an image may have; none for a thumbnail.</summary>
    public IEnumerable<ImageKey> Thumbnails => _image is null ? ThumbnailSides.Select(side => new ImageKey(this, side)) : [];

    /// <summary>The media type that the key's ending stands for.</summary>
    public string ContentType => ContentTypes[_value[(_value.LastIndexOf('.') + 1)..]];

    /// <param name="claim">The claim under which the image was made.</param>
    /// <param name="contentType">image/jpeg, image/png, image/webp, image/gif or image/avif.</param>
    /// <exception cref="ArgumentException">Another content type.</exception>
    public static ImageKey For(Guid claim, string contentType)
    {
        var extension = ContentTypes.FirstOrDefault(entry => entry.Value == contentType).Key
            ?? throw new ArgumentException($"'{contentType}' is no type of image that is stored here.", nameof(contentType));
        return new ImageKey($"{claim:n}.{extension}");
    }

    /// <summary>The key that a text names, or null when it can't be one.</summary>
    public static ImageKey? Parse(string text)
    {
        var match = Form().Match(text);
        if (!match.Success)
            return null;
        var image = new ImageKey(match.Groups["image"].Value);
        return match.Groups["side"] is { Success: true, ValueSpan: var side }
            ? new ImageKey(image, int.Parse(side, CultureInfo.InvariantCulture))
            : image;
    }

    public override string ToString() => _value;

    [GeneratedRegex(@"\A(?<image>[0-9a-f]{32}\.(jpg|png|webp|gif|avif))(\.(?<side>320|640)\.jpg)?\z")]
    private static partial Regex Form();
}
