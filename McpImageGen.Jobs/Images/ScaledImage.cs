using SkiaSharp;

namespace McpImageGen.Jobs.Images;

/// <summary>Scales images down, for example for models and clients that do not accept large ones.</summary>
public static class ScaledImage
{
    /// <summary>Ten times the largest image that models generate; 160 MB when decoded.</summary>
    private const int MostPixels = 40_000_000;

    private static readonly SKSamplingOptions Smooth = new(SKFilterMode.Linear, SKMipmapMode.Linear);
    private static readonly int[] Qualities = [85, 75, 60, 45, 30];

    /// <summary>Reads an image from the store and scales it with <see cref="Fit"/>; null if the store has no image with that name.</summary>
    /// <exception cref="InvalidDataException">The stored file is not a complete image, or is far too large.</exception>
    /// <exception cref="IOException">The store is unavailable.</exception>
    public static async Task<byte[]?> ReadAsync(
        IImageStore store, string name, int side, int mostBytes, CancellationToken cancellationToken) =>
        ImageKey.Parse(name) is { } key && await store.OpenAsync(key, cancellationToken) is { } image
            ? Fit(await image.ReadAsync(cancellationToken), side, mostBytes)
            : null;

    /// <summary>
    /// Returns the image as a JPEG that fits into a square and is no larger than allowed in bytes. Proportions are kept, images are never
    /// enlarged, and transparent areas become white. The quality is reduced first, and the dimensions only if that is not enough.
    /// </summary>
    /// <param name="image">A JPEG, PNG or WebP file.</param>
    /// <param name="side">The maximum length of a side, in pixels, at least 1.</param>
    /// <param name="mostBytes">The maximum file size in bytes, at least 2,000, which is enough for the smallest image.</param>
    /// <exception cref="InvalidDataException">The bytes are not a complete image, or it has more than 40 million pixels.</exception>
    public static byte[] Fit(ReadOnlySpan<byte> image, int side, int mostBytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(side, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(mostBytes, 2_000);
        using var whole = Decode(image);
        for (var fit = side; ; fit = Math.Max(1, fit * 3 / 4))
        {
            using var scaled = Scale(whole, (double)fit / Math.Max(whole.Width, whole.Height));
            foreach (var quality in Qualities)
            {
                using var file = scaled.Encode(SKEncodedImageFormat.Jpeg, quality);
                if (file.Size <= mostBytes)
                    return file.ToArray();
            }
        }
    }

    /// <summary>
    /// Returns the image as a JPEG whose shorter side is the side of the square, so that it fills the square. Proportions are kept, images
    /// are never enlarged, and transparent areas become white.
    /// </summary>
    /// <param name="image">A JPEG, PNG or WebP file.</param>
    /// <param name="side">The square's side, in pixels, at least 1.</param>
    /// <exception cref="InvalidDataException">The bytes are not a complete image, or it has more than 40 million pixels.</exception>
    public static byte[] Fill(ReadOnlySpan<byte> image, int side)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(side, 1);
        using var whole = Decode(image);
        using var scaled = Scale(whole, (double)side / Math.Min(whole.Width, whole.Height));
        using var file = scaled.Encode(SKEncodedImageFormat.Jpeg, Qualities[0]);
        return file.ToArray();
    }

    private static SKBitmap Decode(ReadOnlySpan<byte> image)
    {
        using var data = SKData.CreateCopy(image);
        using var codec = SKCodec.Create(data);
        if (codec is null)
            throw new InvalidDataException("The file is not a JPEG, PNG or WebP image.");
        if ((long)codec.Info.Width * codec.Info.Height > MostPixels)
            throw new InvalidDataException($"The image is too large: {codec.Info.Width} × {codec.Info.Height} pixels.");
        var whole = new SKBitmap(new SKImageInfo(codec.Info.Width, codec.Info.Height, SKColorType.Rgba8888, SKAlphaType.Premul));
        var result = codec.GetPixels(whole.Info, whole.GetPixels());
        if (result == SKCodecResult.Success)
        {
            whole.SetImmutable(); // avoids a copy when it is drawn
            return whole;
        }

        whole.Dispose();
        throw new InvalidDataException($"The image could not be decoded completely: {result}.");
    }

    private static SKBitmap Scale(SKBitmap whole, double factor)
    {
        var scaled = new SKBitmap(new SKImageInfo(Scaled(whole.Width), Scaled(whole.Height), SKColorType.Rgba8888, SKAlphaType.Opaque));
        using var canvas = new SKCanvas(scaled);
        canvas.Clear(SKColors.White);
        canvas.DrawBitmap(whole, SKRect.Create(scaled.Width, scaled.Height), Smooth);
        return scaled;

        int Scaled(int length) => Math.Max(1, (int)Math.Round(length * Math.Min(1, factor)));
    }
}
