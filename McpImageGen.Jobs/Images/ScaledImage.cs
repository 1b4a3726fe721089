using SkiaSharp;

namespace McpImageGen.Jobs.Images;

/// <summary>Scales images down, for example for models and clients that do not accept large ones.</summary>
public static class ScaledImage
{
    /// <summary>Ten times the largest image that models generate; 160 MB when decoded.</summary>
    private const int MaxPixels = 40_000_000;

    private static readonly SKSamplingOptions Smooth = new(SKFilterMode.Linear, SKMipmapMode.Linear);
    private static readonly int[] Qualities = [85, 75, 60, 45, 30];

    /// <summary>True if images of this content type can be scaled. AVIF images are stored and served, but cannot be decoded here.</summary>
    public static bool CanScale(string contentType) => contentType != "image/avif";

    /// <summary>
    /// Returns the image as a JPEG that fits into a square and is no larger than allowed in bytes. Proportions are kept, images are never
    /// enlarged, transparent areas become white, and the EXIF orientation is applied. The quality is reduced first, and the dimensions only if that is not
    /// enough.
    /// </summary>
    /// <param name="image">A JPEG, PNG or WebP file.</param>
    /// <param name="side">The maximum length of a side, in pixels, at least 1.</param>
    /// <param name="maxBytes">The maximum file size in bytes, at least 2,000, which is enough for the smallest image.</param>
    /// <exception cref="InvalidDataException">The bytes are not a complete image, or it has more than 40 million pixels.</exception>
    public static byte[] Fit(ReadOnlySpan<byte> image, int side, int maxBytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(side, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxBytes, 2_000);
        using var whole = Decode(image, out var origin);
        for (var fit = side; ; fit = Math.Max(1, fit * 3 / 4))
        {
            using var scaled = Scale(whole, origin, (double)fit / Math.Max(whole.Width, whole.Height));
            foreach (var quality in Qualities)
            {
                using var file = Encode(scaled, quality);
                if (file.Size <= maxBytes)
                    return file.ToArray();
            }
        }
    }

    /// <summary>
    /// Returns the image as a JPEG whose shorter side is the side of the square, so that it fills the square. Proportions are kept, images
    /// are never enlarged, transparent areas become white, and the EXIF orientation is applied.
    /// </summary>
    /// <param name="image">A JPEG, PNG or WebP file.</param>
    /// <param name="side">The square's side, in pixels, at least 1.</param>
    /// <exception cref="InvalidDataException">The bytes are not a complete image, it has more than 40 million pixels, or the result is too long for JPEG.</exception>
    public static byte[] Fill(ReadOnlySpan<byte> image, int side)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(side, 1);
        using var whole = Decode(image, out var origin);
        using var scaled = Scale(whole, origin, (double)side / Math.Min(whole.Width, whole.Height));
        using var file = Encode(scaled, Qualities[0]);
        return file.ToArray();
    }

    private static SKBitmap Decode(ReadOnlySpan<byte> image, out SKEncodedOrigin origin)
    {
        using var data = SKData.CreateCopy(image);
        using var codec = SKCodec.Create(data);
        if (codec is null)
            throw new InvalidDataException("The file is not a JPEG, PNG or WebP image.");
        if ((long)codec.Info.Width * codec.Info.Height > MaxPixels)
            throw new InvalidDataException($"The image is too large: {codec.Info.Width} × {codec.Info.Height} pixels.");
        origin = codec.EncodedOrigin;
        var whole = Bitmap(codec.Info.Width, codec.Info.Height, SKAlphaType.Premul);
        var result = codec.GetPixels(whole.Info, whole.GetPixels());
        if (result == SKCodecResult.Success)
        {
            whole.SetImmutable(); // avoids a copy when it is drawn
            return whole;
        }

        whole.Dispose();
        throw new InvalidDataException($"The image could not be decoded completely: {result}.");
    }

    private static SKBitmap Scale(SKBitmap whole, SKEncodedOrigin origin, double factor)
    {
        var (width, height) = (Scaled(whole.Width), Scaled(whole.Height));
        var scaled = origin >= SKEncodedOrigin.LeftTop ? Bitmap(height, width, SKAlphaType.Opaque) : Bitmap(width, height, SKAlphaType.Opaque);
        using var canvas = new SKCanvas(scaled);
        canvas.Clear(SKColors.White);
        canvas.SetMatrix(Turned(origin, scaled.Width, scaled.Height));
        canvas.DrawBitmap(whole, SKRect.Create(width, height), Smooth);
        return scaled;

        int Scaled(int length) => Math.Max(1, (int)Math.Round(length * Math.Min(1, factor)));
    }

    /// <summary>Where the pixels go of an image whose first row and column lie as EXIF says.</summary>
    private static SKMatrix Turned(SKEncodedOrigin origin, int width, int height) => origin switch
    {
        SKEncodedOrigin.TopRight => new SKMatrix(-1, 0, width, 0, 1, 0, 0, 0, 1),
        SKEncodedOrigin.BottomRight => new SKMatrix(-1, 0, width, 0, -1, height, 0, 0, 1),
        SKEncodedOrigin.BottomLeft => new SKMatrix(1, 0, 0, 0, -1, height, 0, 0, 1),
        SKEncodedOrigin.LeftTop => new SKMatrix(0, 1, 0, 1, 0, 0, 0, 0, 1),
        SKEncodedOrigin.RightTop => new SKMatrix(0, -1, width, 1, 0, 0, 0, 0, 1),
        SKEncodedOrigin.RightBottom => new SKMatrix(0, -1, width, -1, 0, height, 0, 0, 1),
        SKEncodedOrigin.LeftBottom => new SKMatrix(0, 1, 0, -1, 0, height, 0, 0, 1),
        _ => SKMatrix.Identity,
    };

    private static SKBitmap Bitmap(int width, int height, SKAlphaType alpha)
    {
        var bitmap = new SKBitmap();
        if (bitmap.TryAllocPixels(new SKImageInfo(width, height, SKColorType.Rgba8888, alpha)))
            return bitmap;
        bitmap.Dispose();
        throw new InvalidDataException($"There is no memory for {width} × {height} pixels.");
    }

    /// <exception cref="InvalidDataException">A side is longer than JPEG allows.</exception>
    private static SKData Encode(SKBitmap bitmap, int quality) => bitmap.Encode(SKEncodedImageFormat.Jpeg, quality)
        ?? throw new InvalidDataException($"An image of {bitmap.Width} × {bitmap.Height} pixels cannot be a JPEG file.");
}
