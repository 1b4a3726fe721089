using SkiaSharp;

namespace McpImageGen.Jobs.Images;

/// <summary>Images made small enough for whoever takes no large ones.</summary>
public static class ScaledImage
{
    /// <summary>Ten times the largest that models draw; 160 MB when it is decoded.</summary>
    private const int MostPixels = 40_000_000;

    private static readonly SKSamplingOptions Smooth = new(SKFilterMode.Linear, SKMipmapMode.Linear);
    private static readonly int[] Qualities = [85, 75, 60, 45, 30];

    /// <summary>Reads an image from the store and fits it as <see cref="Fit"/> does; null when the store has none of that name.</summary>
    /// <exception cref="InvalidDataException">What the store has is no whole image, or far too large.</exception>
    /// <exception cref="IOException">The store is away.</exception>
    public static async Task<byte[]?> ReadAsync(
        IImageStore store, string name, int side, int mostBytes, CancellationToken cancellationToken) =>
        ImageKey.Parse(name) is { } key && await store.OpenAsync(key, cancellationToken) is { } image
            ? Fit(await image.ReadAsync(cancellationToken), side, mostBytes)
            : null;

    /// <summary>
    /// The image as a JPEG that fits into a square and has no more bytes than allowed. It keeps its proportions and is never enlarged;
    /// what is transparent becomes white. To save bytes its quality is lowered first, and its size only when that is not enough.
    /// </summary>
    /// <param name="image">A JPEG, PNG or WebP file.</param>
    /// <param name="side">The longest that a side may be, in pixels, at least 1.</param>
    /// <param name="mostBytes">The largest that the file may be, at least 2,000, which is room for the smallest.</param>
    /// <exception cref="InvalidDataException">The bytes are no whole image, or one of more than 40 million pixels.</exception>
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
    /// The image as a JPEG that fills a square, so that its shorter side is the square's. It keeps its proportions and is never enlarged; what is
    /// transparent becomes white.
    /// </summary>
    /// <param name="image">A JPEG, PNG or WebP file.</param>
    /// <param name="side">The square's side, in pixels, at least 1.</param>
    /// <exception cref="InvalidDataException">The bytes are no whole image, or one of more than 40 million pixels.</exception>
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
            throw new InvalidDataException("The bytes are no JPEG, PNG or WebP image.");
        if ((long)codec.Info.Width * codec.Info.Height > MostPixels)
            throw new InvalidDataException($"The image has {codec.Info.Width} × {codec.Info.Height} pixels, which are too many.");
        var whole = new SKBitmap(new SKImageInfo(codec.Info.Width, codec.Info.Height, SKColorType.Rgba8888, SKAlphaType.Premul));
        var result = codec.GetPixels(whole.Info, whole.GetPixels());
        if (result == SKCodecResult.Success)
        {
            whole.SetImmutable(); // so that drawing it needs no copy
            return whole;
        }

        whole.Dispose();
        throw new InvalidDataException($"The image cannot be decoded whole: {result}.");
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
