using SkiaSharp;

namespace McpImageGen.WorkersAiEmulator.Drawing;

/// <summary>
/// A canvas with the few cheap drawing operations that the styles use. Flat fills only: a shader over the whole surface costs more
/// CPU time than everything else together, so gradients are drawn as thin strips.
/// </summary>
internal sealed class Sketch(SKCanvas canvas, float width, float height, Palette palette, StableRandom random) : IDisposable
{
    private readonly SKPaint _paint = new() { IsAntialias = true };

    public SKCanvas Canvas => canvas;

    public float Width => width;

    public float Height => height;

    /// <summary>The shorter side, the unit for the sizes of round shapes.</summary>
    public float Side => Math.Min(width, height);

    public Palette Palette => palette;

    public StableRandom Random => random;

    public void Fill(SKPath path, SKColor colour) => canvas.DrawPath(path, Solid(colour));

    public void Disc(float x, float y, float radius, SKColor colour) => canvas.DrawCircle(x, y, radius, Solid(colour));

    public void Ring(float x, float y, float radius, float thickness, SKColor colour)
    {
        var paint = Solid(colour);
        (paint.Style, paint.StrokeWidth) = (SKPaintStyle.Stroke, thickness);
        canvas.DrawCircle(x, y, radius, paint);
    }

    /// <summary>A light with a soft glow around it.</summary>
    public void Glow(float x, float y, float radius, SKColor colour)
    {
        for (var ring = 6; ring >= 1; ring--)
            Disc(x, y, radius * (1f + (ring * 0.32f)), colour.WithAlpha((byte)(22 - (ring * 2))));
        Disc(x, y, radius, colour);
    }

    /// <summary>A gradient from <paramref name="top"/> to <paramref name="bottom"/>, the strips as thin as a colour step is visible.</summary>
    public void Gradient(float top, float bottom, Func<float, SKColor> colourAt)
    {
        var paint = Solid(SKColors.Black);
        paint.IsAntialias = false;
        var strip = Math.Max(1f, MathF.Floor((bottom - top) / 384f));
        for (var y = MathF.Floor(top); y < bottom; y += strip)
        {
            paint.Color = colourAt((y - top) / (bottom - top));
            canvas.DrawRect(0, y, width, strip, paint);
        }
    }

    /// <summary>Fills the area below a line given as heights over the width.</summary>
    public void Below(Func<float, float> heightAt, SKColor colour, float step = 8f)
    {
        using var path = new SKPathBuilder();
        path.MoveTo(-2, height + 2);
        for (var x = -2f; x < width + step; x += step)
            path.LineTo(x, heightAt(x / width));
        path.LineTo(width + step, height + 2);
        path.Close();
        using var area = path.Detach();
        Fill(area, colour);
    }

    /// <summary>A smooth line of a few overlaid waves: maps the horizontal position (0–1) to −1…1.</summary>
    public Func<float, float> Waves(float slowest)
    {
        var (a, b, c) = (random.Between(0f, 6.28f), random.Between(0f, 6.28f), random.Between(0f, 6.28f));
        var (f, g, h) = (slowest, slowest * random.Between(1.9f, 2.4f), slowest * random.Between(3.6f, 4.6f));
        return x => (0.6f * MathF.Sin((f * x) + a)) + (0.28f * MathF.Sin((g * x) + b)) + (0.12f * MathF.Sin((h * x) + c));
    }

    public void Dispose() => _paint.Dispose();

    private SKPaint Solid(SKColor colour)
    {
        (_paint.Color, _paint.Style, _paint.IsAntialias) = (colour, SKPaintStyle.Fill, true);
        return _paint;
    }
}
