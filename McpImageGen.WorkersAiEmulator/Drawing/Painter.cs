using McpImageGen.WorkersAiEmulator.Drawing.Jpeg;
using SkiaSharp;

namespace McpImageGen.WorkersAiEmulator.Drawing;

/// <summary>Draws images: simple generative art, different for each prompt and seed, and fast enough to fit into any latency.</summary>
internal static class Painter
{
    // The best compression of a 1024² PNG takes half a second; this takes a few milliseconds at a moderate file size.
    private static readonly SKPngEncoderOptions Png = new(SKPngEncoderFilterFlags.Sub, 1);

    public static byte[] Draw(Picture picture)
    {
        var info = new SKImageInfo(picture.Width, picture.Height, SKColorType.Bgra8888, SKAlphaType.Opaque);
        using var bitmap = new SKBitmap(info);
        using (var canvas = new SKCanvas(bitmap))
        {
            var random = picture.Randomness();
            using var sketch = new Sketch(canvas, picture.Width, picture.Height, Palette.Choose(random), random);
            random.Pick(Styles.All)(sketch);
            SampleMark.Draw(canvas, picture.Width, picture.Height);
        }

        return picture.Format == PictureFormat.Jpeg
            ? JpegEncoder.Encode(bitmap.GetPixelSpan(), picture.Width, picture.Height)
            : EncodePng(bitmap);
    }

    private static byte[] EncodePng(SKBitmap bitmap)
    {
        using var pixels = bitmap.PeekPixels();
        using var data = pixels.Encode(Png);
        return data?.ToArray() ?? throw new InvalidOperationException($"An image of {bitmap.Width}×{bitmap.Height} could not be encoded.");
    }
}
