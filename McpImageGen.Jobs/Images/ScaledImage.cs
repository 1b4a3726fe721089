using SkiaSharp;

namespace McpImageGen.Jobs.Images;

/// <summary>Images made small enough for whoever takes no large ones.</summary>
public static class ScaledImage
{
    private static readonly SKSamplingOptions Smooth = new(SKFilterMode.Linear, SKMipmapMode.Linear);
    private static readonly int[] Qualities = [85, 75, 60, 45, 30];

    /// <summary>Reads an image from the store and fits it as <see cref="Fit"/> does; null when the store has none of that name.</summary>
    /// <exception cref="InvalidDataException">What the store has is no whole image.</exception>
    /// <exception cref="IOException">The store is away.</exception>
    public static async Task<byte[]?> ReadAsync(
        IImageStore store, string name, int side, int mostBytes, CancellationToken cancellationToken)
    {
        if (ImageKey.Parse(name) is not { } key || await store.OpenAsync(key, cancellationToken) is not { Content: var content })
            return null;
        await using (content)
        {
            using var file = new MemoryStream();
            await content.CopyToAsync(file, cancellationToken);
            return Fit(file.GetBuffer().AsSpan(0, (int)file.Length), side, mostBytes);
        }
    }

    /// <summary>
    /// The image as a JPEG that fits into a square and has no more bytes than allowed. It keeps its proportions and is never enlarged;
    /// what is transparent becomes white. To save bytes its quality is lowered first, and its size only when that is not enough.
    /// </summary>
    /// <param name="image">A JPEG, PNG or WebP file.</param>
    /// <param name="side">The longest that a side may be, in pixels, at least 1.</param>
    /// <param name="mostBytes">The largest that the file may be, at least 2,000, which is room for the smallest.</param>
    /// <exception cref="InvalidDataException">The bytes are no whole image.</exception>
    public static byte[] Fit(ReadOnlySpan<byte> image, int side, int mostBytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(side, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(mostBytes, 2_000);
        using var whole = Decode(image);
        for (var fit = side; ; fit = Math.Max(1, fit * 3 / 4))
        {
            using var scaled = Scale(whole, fit);
            foreach (var quality in Qualities)
            {
                using var file = scaled.Encode(SKEncodedImageFormat.Jpeg, quality);
                if (file.Size <= mostBytes)
                    return file.ToArray();
            }
        }
    }

    private static SKBitmap Decode(ReadOnlySpan<byte> image)
    {
        using var data = SKData.CreateCopy(image);
        using var codec = SKCodec.Create(data);
        if (codec is null)
            throw new InvalidDataException("The bytes are no JPEG, PNG or WebP image.");
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

    private static SKBitmap Scale(SKBitmap whole, int side)
    {
        var factor = Math.Min(1.0, (double)side / Math.Max(whole.Width, whole.Height));
        var scaled = new SKBitmap(new SKImageInfo(Scaled(whole.Width), Scaled(whole.Height), SKColorType.Rgba8888, SKAlphaType.Opaque));
        using var canvas = new SKCanvas(scaled);
        canvas.Clear(SKColors.White);
        canvas.DrawBitmap(whole, SKRect.Create(scaled.Width, scaled.Height), Smooth);
        return scaled;

        int Scaled(int length) => Math.Max(1, (int)Math.Round(length * factor));
    }
}
