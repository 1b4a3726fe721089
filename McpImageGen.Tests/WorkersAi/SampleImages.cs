using System.Buffers.Binary;
using SkiaSharp;

namespace McpImageGen.Tests.WorkersAi;

/// <summary>The smallest files that have a right beginning and a right end; nothing here decodes them.</summary>
internal static class SampleImages
{
    public static byte[] Jpeg { get; } = [0xFF, 0xD8, 0xFF, 0xE0, .. Noise(2000), 0xFF, 0xD9];

    public static byte[] Png { get; } =
    [
        0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, .. Noise(2000), 0, 0, 0, 0, 0x49, 0x45, 0x4E, 0x44, 0xAE, 0x42, 0x60, 0x82,
    ];

    public static byte[] Webp { get; } = WebpOf(2000);

    public static byte[] Gif { get; } = [.. "GIF89a"u8, .. Noise(500), (byte)';'];

    /// <summary>Two boxes: the type and the media data.</summary>
    public static byte[] Avif { get; } =
        [0, 0, 0, 20, .. "ftypavif"u8, 0, 0, 0, 0, .. "mif1"u8, 0, 0, 1, 0, .. "mdat"u8, .. Noise(248)];

    /// <summary>The JSON that models answer with when they do not answer with the image itself.</summary>
    public static string Envelope(byte[] image) =>
        $$"""{"result":{"image":"{{Convert.ToBase64String(image)}}"},"success":true,"errors":[],"messages":[]}""";

    public static byte[] Of(string format) => format switch { "jpeg" => Jpeg, "png" => Png, "gif" => Gif, "avif" => Avif, _ => Webp };

    /// <summary>A real image with noise in it.</summary>
    public static byte[] Encoded(SKEncodedImageFormat format)
    {
        using var bitmap = new SKBitmap(64, 48);
        for (var y = 0; y < bitmap.Height; y++)
        {
            for (var x = 0; x < bitmap.Width; x++)
                bitmap.SetPixel(x, y, new SKColor((byte)(x * 37 * y), (byte)(y * 91), (byte)(x * 53)));
        }

        using var file = bitmap.Encode(format, 90);
        return file.ToArray();
    }

    private static byte[] WebpOf(int length)
    {
        byte[] file = [.. "RIFF0000WEBP"u8, .. Noise(length)];
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(4), (uint)file.Length - 8);
        return file;
    }

    private static IEnumerable<byte> Noise(int length) => Enumerable.Range(1, length).Select(i => (byte)(i * 31 % 251 + 1));
}
