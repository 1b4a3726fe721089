using SkiaSharp;

namespace McpImageGen.WorkersAiEmulator.Drawing;

/// <summary>Draws pictures: calm generative art, a different one for each prompt and seed, cheap enough to hide in any latency.</summary>
internal static class Painter
{
    private static readonly SKJpegEncoderOptions Jpeg = new(82, SKJpegEncoderDownsample.Downsample420, SKJpegEncoderAlphaOption.Ignore);

    // The best compression of a 1024² PNG takes half a second; this takes a few milliseconds and the file stays moderate.
    private static readonly SKPngEncoderOptions Png = new(SKPngEncoderFilterFlags.Sub, 1);

    public static byte[] Draw(Picture picture)
    {
        var info = new SKImageInfo(picture.Width, picture.Height, SKImageInfo.PlatformColorType, SKAlphaType.Opaque);
        using var bitmap = new SKBitmap(info);
        using (var canvas = new SKCanvas(bitmap))
        {
            var random = picture.Randomness();
            using var sketch = new Sketch(canvas, picture.Width, picture.Height, Palette.Choose(random), random);
            random.Pick(Styles.All)(sketch);
            SampleMark.Draw(canvas, picture.Width, picture.Height);
        }

        using var pixels = bitmap.PeekPixels();
        using var data = picture.Format == PictureFormat.Jpeg ? pixels.Encode(Jpeg) : pixels.Encode(Png);
        return data?.ToArray() ?? throw new InvalidOperationException($"A picture of {picture.Width}×{picture.Height} could not be encoded.");
    }
}
