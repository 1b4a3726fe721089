using System.Buffers.Binary;

namespace McpImageGen.GenerationWorker.WorkersAi;

/// <summary>An image format, detected from the bytes because providers sometimes send the wrong content type.</summary>
public sealed class ImageFormat
{
    private static ReadOnlySpan<byte> JpegStart => [0xFF, 0xD8, 0xFF];
    private static ReadOnlySpan<byte> JpegEnd => [0xFF, 0xD9];
    private static ReadOnlySpan<byte> PngStart => [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>The complete IEND chunk: length 0, name, checksum.</summary>
    private static ReadOnlySpan<byte> PngEnd => [0, 0, 0, 0, 0x49, 0x45, 0x4E, 0x44, 0xAE, 0x42, 0x60, 0x82];

    private const int WebpHeaderLength = 12;

    private ImageFormat(string contentType, string extension) => (ContentType, Extension) = (contentType, extension);

    public static ImageFormat Jpeg { get; } = new("image/jpeg", "jpg");

    public static ImageFormat Png { get; } = new("image/png", "png");

    public static ImageFormat Webp { get; } = new("image/webp", "webp");

    /// <summary>The media type, for instance <c>image/jpeg</c>.</summary>
    public string ContentType { get; }

    /// <summary>The file name extension without its dot, for instance <c>jpg</c>.</summary>
    public string Extension { get; }

    /// <summary>Detects the format from the first bytes; null if it is not a supported image format.</summary>
    public static ImageFormat? Of(ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith(JpegStart))
            return Jpeg;
        if (bytes.StartsWith(PngStart))
            return Png;
        return bytes.Length >= WebpHeaderLength && bytes.StartsWith("RIFF"u8) && bytes[8..].StartsWith("WEBP"u8) ? Webp : null;
    }

    /// <summary>
    /// False if an image of this format was truncated. Only the end of the file is checked; trailing zero bytes are allowed
    /// because some encoders pad.
    /// </summary>
    public bool IsComplete(ReadOnlySpan<byte> bytes)
    {
        if (this == Webp)
            return bytes.Length >= WebpHeaderLength && BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]) + 8L <= bytes.Length;
        return bytes.TrimEnd((byte)0).EndsWith(this == Jpeg ? JpegEnd : PngEnd);
    }

    public override string ToString() => ContentType;
}
