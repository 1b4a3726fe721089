using SkiaSharp;

namespace McpImageGen.WorkersAiEmulator.Drawing;

/// <summary>Draws the word SAMPLE in a corner, as strokes, because a minimal Linux system has no fonts.</summary>
internal static class SampleMark
{
    // Each letter is 4 wide and 6 high; a space between points lifts the pen.
    private static readonly string[] Letters =
    [
        "40-10-01-02-13-33-44-45-36-06",       // S
        "06-01-10-30-41-46 03-43",             // A
        "06-00-23-40-46",                      // M
        "06-00-30-41-42-33-03",                // P
        "00-06-46",                            // L
        "40-00-06-46 03-33",                   // E
    ];

    private const int Advance = 6;

    /// <summary>Draws the mark at the lower right, unless the image is too small for it to be legible.</summary>
    public static void Draw(SKCanvas canvas, int width, int height)
    {
        var scale = Math.Clamp(Math.Min(width, height) / 512f, 0.8f, 3f);
        var (wide, high) = (((Letters.Length * Advance) - 2) * scale, 6 * scale);
        var margin = 7 * scale;
        if (width < wide + (2 * margin) || height < high + (2 * margin))
            return;

        canvas.Save();
        canvas.Translate(width - margin - wide, height - margin - high);
        using var paint = new SKPaint { IsAntialias = true, Color = SKColors.Black.WithAlpha(70) };
        var plate = new SKRect(-4 * scale, -3.5f * scale, wide + (4 * scale), high + (3.5f * scale));
        canvas.DrawRoundRect(plate, 3 * scale, 3 * scale, paint);
        canvas.Scale(scale);
        using var path = Word();
        (paint.Color, paint.Style, paint.StrokeWidth) = (SKColors.White.WithAlpha(215), SKPaintStyle.Stroke, 0.95f);
        (paint.StrokeCap, paint.StrokeJoin) = (SKStrokeCap.Round, SKStrokeJoin.Round);
        canvas.DrawPath(path, paint);
        canvas.Restore();
    }

    private static SKPath Word()
    {
        using var builder = new SKPathBuilder();
        for (var letter = 0; letter < Letters.Length; letter++)
        {
            foreach (var stroke in Letters[letter].Split(' '))
            {
                var points = stroke.Split('-').Select(point => new SKPoint((letter * Advance) + point[0] - '0', point[1] - '0')).ToArray();
                builder.AddPoly(points, close: false);
            }
        }

        return builder.Detach();
    }
}
