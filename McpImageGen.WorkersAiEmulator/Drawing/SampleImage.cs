using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using McpImageGen.WorkersAiEmulator.Models;
using SkiaSharp;

namespace McpImageGen.WorkersAiEmulator.Drawing;

/// <summary>Draws the image of a request: simple generative art, different for each model, prompt and seed, marked as a sample.</summary>
internal static class SampleImage
{
    // Full colour resolution (4:4:4) takes twice as long. The quality hardly changes the time.
    private static readonly SKJpegEncoderOptions Jpeg = new(85, SKJpegEncoderDownsample.Downsample420, SKJpegEncoderAlphaOption.Ignore);

    // The best compression of a 1024² PNG takes half a second; this takes a few milliseconds at a moderate file size.
    private static readonly SKPngEncoderOptions Png = new(SKPngEncoderFilterFlags.Sub, 1);

    // The word SAMPLE as strokes, because a minimal Linux system has no fonts. Each letter is 4 wide and 6 high.
    private const string Mark =
        "M4 0H1L0 1V2L1 3H3L4 4V5L3 6H0 M6 6V1L7 0H9L10 1V6M6 3H10 M12 6V0L14 3L16 0V6 M18 6V0H21L22 1V2L21 3H18 M24 0V6H28 M34 0H30V6H34M30 3H33";

    /// <summary>Equal requests give identical bytes, as long as .NET and SkiaSharp have the same version.</summary>
    public static byte[] Draw(GenerationInput input)
    {
        using var bitmap = new SKBitmap(input.Width, input.Height, isOpaque: true);
        using (var canvas = new SKCanvas(bitmap))
        {
            // Without the size: the same prompt and seed have the same composition at every size.
            var digest = SHA256.HashData(Encoding.UTF8.GetBytes($"{input.Model.Id}\n{input.Seed}\n{input.Prompt}"));

            // Random has a seed of 32 bits. With two seeds, different requests hardly ever give the same image.
            var seeds = MemoryMarshal.Cast<byte, int>(digest);
            var random = new Random(seeds[0]);
            var style = Styles.All[random.Next(Styles.All.Count)];
            style(new ImageCanvas(canvas, input.Width, input.Height, Palette.Choose(new Random(seeds[1])), random));
            DrawMark(canvas, input.Width, input.Height);
        }

        using var pixels = bitmap.PeekPixels();
        using var file = input.Model.Format == SKEncodedImageFormat.Png ? pixels.Encode(Png) : pixels.Encode(Jpeg);
        return file?.ToArray() ?? throw new InvalidOperationException($"An image of {input.Width}×{input.Height} could not be encoded.");
    }

    /// <summary>Draws the mark at the lower right, unless the image is too small for it to be legible.</summary>
    private static void DrawMark(SKCanvas canvas, int width, int height)
    {
        const int MarkWidth = 34, MarkHeight = 6, Margin = 7;
        var scale = Math.Clamp(Math.Min(width, height) / 512f, 0.8f, 3f);
        if (width < (MarkWidth + (2 * Margin)) * scale || height < (MarkHeight + (2 * Margin)) * scale)
            return;

        canvas.Scale(scale);
        canvas.Translate((width / scale) - MarkWidth - Margin, (height / scale) - MarkHeight - Margin);
        using var plate = new SKPaint { IsAntialias = true, Color = SKColors.Black.WithAlpha(70) };
        canvas.DrawRoundRect(-4, -3.5f, MarkWidth + 8, MarkHeight + 7, 3, 3, plate);
        using var path = SKPath.ParseSvgPathData(Mark);
        using var pen = new SKPaint { IsAntialias = true, Color = SKColors.White.WithAlpha(215), Style = SKPaintStyle.Stroke };
        (pen.StrokeWidth, pen.StrokeCap, pen.StrokeJoin) = (0.95f, SKStrokeCap.Round, SKStrokeJoin.Round);
        canvas.DrawPath(path, pen);
    }
}
