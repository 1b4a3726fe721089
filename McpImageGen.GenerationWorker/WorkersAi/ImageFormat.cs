using System.Buffers.Binary;

namespace McpImageGen.GenerationWorker.WorkersAi;

/// <summary>The type of an image file, detected from its bytes: the content type that a provider sends is often wrong.</summary>
public sealed class ImageFormat
{
    private delegate int FindEnd(ReadOnlySpan<byte> file);

    private readonly FindEnd _findEnd;

    private ImageFormat(string contentType, string extension, FindEnd findEnd) =>
        (ContentType, Extension, _findEnd) = (contentType, extension, findEnd);

    public static ImageFormat Jpeg { get; } = new("image/jpeg", "jpg", EndOfJpeg);

    public static ImageFormat Png { get; } = new("image/png", "png", EndOfPng);

    public static ImageFormat Webp { get; } = new("image/webp", "webp", EndOfWebp);

    public static ImageFormat Gif { get; } = new("image/gif", "gif", EndOfGif);

    public static ImageFormat Avif { get; } = new("image/avif", "avif", EndOfAvif);

    /// <summary>The media type, for instance <c>image/jpeg</c>.</summary>
    public string ContentType { get; }

    /// <summary>The file name extension without its dot, for instance <c>jpg</c>.</summary>
    public string Extension { get; }

    private static ReadOnlySpan<byte> JpegStart => [0xFF, 0xD8, 0xFF];
    private static ReadOnlySpan<byte> JpegEnd => [0xFF, 0xD9];
    private static ReadOnlySpan<byte> PngStart => [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>The whole IEND chunk: no length, its name, its checksum.</summary>
    private static ReadOnlySpan<byte> PngEnd => [0, 0, 0, 0, 0x49, 0x45, 0x4E, 0x44, 0xAE, 0x42, 0x60, 0x82];

    private static ReadOnlySpan<byte> ZeroOrWhiteSpace => "\0 \t\r\n"u8;

    /// <summary>The format by the first bytes, or null when they are not an image of a supported format.</summary>
    public static ImageFormat? Of(ReadOnlySpan<byte> file)
    {
        if (file.StartsWith(JpegStart))
            return Jpeg;
        if (file.StartsWith(PngStart))
            return Png;
        if (file.StartsWith("GIF87a"u8) || file.StartsWith("GIF89a"u8))
            return Gif;
        if (file.Length < 12)
            return null;
        if (file.StartsWith("RIFF"u8) && file[8..].StartsWith("WEBP"u8))
            return Webp;

        // The brand may be among the compatible ones.
        return file[4..].StartsWith("ftyp"u8) && file[8..Math.Min(file.Length, 48)].IndexOf("avif"u8) >= 0 ? Avif : null;
    }

    /// <summary>The number of bytes up to the end of the image, without what follows it; null when the file is incomplete.</summary>
    /// <param name="file">A file of this format.</param>
    public int? LengthOf(ReadOnlySpan<byte> file) => _findEnd(file) is > 0 and var end ? end : null;

    public override string ToString() => ContentType;

    private static int EndOfPng(ReadOnlySpan<byte> file) => file.IndexOf(PngEnd) is >= 0 and var start ? start + PngEnd.Length : -1;

    private static int EndOfWebp(ReadOnlySpan<byte> file)
    {
        var end = BinaryPrimitives.ReadUInt32LittleEndian(file[4..]) + 8L;
        return end <= file.Length ? (int)end : -1;
    }

    private static int EndOfGif(ReadOnlySpan<byte> file) => EndWith(";"u8, file);

    /// <summary>
    /// Follows the segments, because an embedded thumbnail has an end marker of its own. Between a scan's header and the next segment is the compressed
    /// data, in which 0xFF is followed by 0 or by a restart marker.
    /// </summary>
    private static int EndOfJpeg(ReadOnlySpan<byte> file)
    {
        const byte Marker = 0xFF, EndOfImage = 0xD9, StartOfScan = 0xDA;
        for (var at = 2; at + 1 < file.Length;)
        {
            if (file[at] != Marker)
                break; // not a well-formed JPEG
            var type = file[at + 1];
            if (type == EndOfImage)
                return at + 2;
            if (type == Marker)
            {
                at++; // a fill byte
                continue;
            }

            if (at + 4 > file.Length)
                return -1;
            at += 2 + BinaryPrimitives.ReadUInt16BigEndian(file[(at + 2)..]);
            if (type == StartOfScan)
                at = EndOfScan(file, at);
        }

        // Decoders show many files that break the rules, so a right end is enough.
        return EndWith(JpegEnd, file);
    }

    private static int EndOfScan(ReadOnlySpan<byte> file, int at)
    {
        while (at < file.Length)
        {
            var next = file[at..].IndexOf((byte)0xFF);
            if (next < 0 || at + next + 1 >= file.Length)
                return file.Length;
            at += next;
            if (file[at + 1] is not (0 or (>= 0xD0 and <= 0xD7)))
                return at;
            at += 2;
        }

        return file.Length;
    }

    /// <summary>The end of the last box, when the media data are complete.</summary>
    private static int EndOfAvif(ReadOnlySpan<byte> file)
    {
        var end = -1;
        for (var at = 0L; at + 8 <= file.Length;)
        {
            var box = file[(int)at..];
            long length = BinaryPrimitives.ReadUInt32BigEndian(box);
            if (length == 1 && box.Length >= 16)
                length = (long)Math.Min(BinaryPrimitives.ReadUInt64BigEndian(box[8..]), int.MaxValue);
            else if (length == 0)
                length = box.Length; // up to the end of the file
            if (length < 8 || at + length > file.Length)
                return box[4..].StartsWith("mdat"u8) ? -1 : end;
            at += length;
            if (end > 0 || box[4..].StartsWith("mdat"u8))
                end = (int)at;
        }

        return end;
    }

    private static int EndWith(ReadOnlySpan<byte> ending, ReadOnlySpan<byte> file)
    {
        var trimmed = file.TrimEnd(ZeroOrWhiteSpace);
        return trimmed.EndsWith(ending) ? trimmed.Length : -1;
    }
}
