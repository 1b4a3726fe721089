using System.Text.RegularExpressions;

namespace McpImageGen.Jobs.Images;

/// <summary>
/// The name of a stored image: the claim that made it, which is 128 random bits, and the ending of its type.
/// So no two claims share a key, nobody can guess one, and no key leads out of the store.
/// </summary>
public sealed partial record ImageKey
{
    private static readonly Dictionary<string, string> ContentTypes = new()
    {
        ["jpg"] = "image/jpeg",
        ["png"] = "image/png",
        ["webp"] = "image/webp",
    };

    private readonly string _value;

    private ImageKey(string value) => _value = value;

    /// <summary>The media type that the key's ending stands for.</summary>
    public string ContentType => ContentTypes[_value[(_value.IndexOf('.', StringComparison.Ordinal) + 1)..]];

    /// <param name="claim">The claim under which the image was made.</param>
    /// <param name="contentType">image/jpeg, image/png or image/webp.</param>
    /// <exception cref="ArgumentException">Another content type.</exception>
    public static ImageKey For(Guid claim, string contentType)
    {
        var extension = ContentTypes.FirstOrDefault(entry => entry.Value == contentType).Key
            ?? throw new ArgumentException($"'{contentType}' is no type of image that is stored here.", nameof(contentType));
        return new ImageKey($"{claim:n}.{extension}");
    }

    /// <summary>The key that a text names, or null when it can't be one.</summary>
    public static ImageKey? Parse(string text) => Form().IsMatch(text) ? new ImageKey(text) : null;

    public override string ToString() => _value;

    [GeneratedRegex(@"\A[0-9a-f]{32}\.(jpg|png|webp)\z")]
    private static partial Regex Form();
}
