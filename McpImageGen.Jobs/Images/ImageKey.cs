using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace McpImageGen.Jobs.Images;

/// <summary>
/// The name of a stored image: the claim that generated it, which is 128 random bits, and the file extension; or of one of its thumbnails:
/// the image's name, the thumbnail's side and its extension. So no two claims share a key, keys cannot be guessed, and no key refers to
/// a path outside the store.
/// </summary>
[JsonConverter(typeof(JsonForm))]
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

    /// <summary>All supported thumbnail sizes: the side of the square that the thumbnail fills, in pixels.</summary>
    public static IReadOnlyList<int> ThumbnailSides { get; } = [320, 640];

    /// <summary>The side of the square that a thumbnail fills, in pixels; null for an image.</summary>
    public int? ThumbnailSide { get; }

    /// <summary>The key of the image that a thumbnail was made from; for an image, its own key.</summary>
    public ImageKey Image => _image ?? this;

    /// <summary>The possible thumbnails of an image; empty for a thumbnail.</summary>
    public IEnumerable<ImageKey> Thumbnails => _image is null ? ThumbnailSides.Select(side => new ImageKey(this, side)) : [];

    /// <summary>The file extension with its dot, for example <c>.jpg</c>.</summary>
    public string Extension => Path.GetExtension(_value);

    /// <summary>The media type, from the key's extension.</summary>
    public string ContentType => ContentTypes[Extension[1..]];

    /// <param name="claim">The claim under which the image was generated.</param>
    /// <param name="contentType">image/jpeg, image/png, image/webp, image/gif or image/avif.</param>
    /// <exception cref="ArgumentException">Another content type.</exception>
    public static ImageKey For(Guid claim, string contentType)
    {
        var extension = ContentTypes.FirstOrDefault(entry => entry.Value == contentType).Key
            ?? throw new ArgumentException($"Images of type '{contentType}' are not supported.", nameof(contentType));
        return new ImageKey($"{claim:n}.{extension}");
    }

    /// <summary>Parses a key; null if the text is not a valid key.</summary>
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

    private sealed class JsonForm : JsonConverter<ImageKey>
    {
        public override ImageKey? Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) => Parse(reader.GetString()!);

        public override void Write(Utf8JsonWriter writer, ImageKey value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
    }

    [GeneratedRegex(@"\A(?<image>[0-9a-f]{32}\.(jpg|png|webp|gif|avif))(\.(?<side>320|640)\.jpg)?\z")]
    private static partial Regex Form();
}
