using SkiaSharp;

namespace McpImageGen.WorkersAiEmulator.Drawing;

/// <summary>The canvas of one image, with its colours, its random numbers and the drawing operations that the styles use.</summary>
internal sealed class ImageCanvas(SKCanvas canvas, float width, float height, Palette palette, Random random)
{
    public SKCanvas Canvas => canvas;

    public float Width => width;

    public float Height => height;

    /// <summary>The shorter side, the unit for the sizes of round shapes.</summary>
    public float Side => Math.Min(width, height);

    public Palette Palette => palette;

    public float Random(float min, float max) => float.Lerp(min, max, random.NextSingle());

    /// <summary>An integer from <paramref name="min"/> to <paramref name="max"/>, inclusive.</summary>
    public int Random(int min, int max) => random.Next(min, max + 1);

    /// <summary>Fills the image from <paramref name="top"/> to <paramref name="bottom"/> with a part of the ramp.</summary>
    public void FillGradient(float top, float bottom, float from, float to)
    {
        // Strips as thin as a colour step is visible: a gradient shader takes longer than encoding the image.
        var strip = Math.Max(1f, MathF.Floor((bottom - top) / 384f));
        using var paint = new SKPaint();
        for (var y = MathF.Floor(top); y < bottom; y += strip)
        {
            paint.Color = palette.At(float.Lerp(from, to, (y - top) / (bottom - top)));
            canvas.DrawRect(0, y, width, strip, paint);
        }
    }

    /// <summary>Fills the area below a curve; <paramref name="heightAt"/> maps the horizontal position (0–1) to a height in pixels.</summary>
    public void FillBelow(Func<float, float> heightAt, SKColor colour)
    {
        const float Points = 160;
        var curve = Enumerable.Range(0, (int)Points + 1).Select(i => new SKPoint(width * i / Points, heightAt(i / Points)));
        FillPolygon([new(width, height), new(0, height), .. curve], colour);
    }

    public void FillOval(float x, float y, float radiusX, float radiusY, SKColor colour)
    {
        using var paint = new SKPaint { Color = colour, IsAntialias = true };
        canvas.DrawOval(x, y, radiusX, radiusY, paint);
    }

    public void FillPolygon(SKPoint[] points, SKColor colour)
    {
        using var builder = new SKPathBuilder();
        builder.AddPoly(points);
        using var path = builder.Detach();
        using var paint = new SKPaint { Color = colour, IsAntialias = true };
        canvas.DrawPath(path, paint);
    }

    /// <summary>A sun or moon with a soft glow around it.</summary>
    public void DrawSun(float x, float y, float radius)
    {
        for (var ring = 6; ring > 0; ring--)
            FillOval(x, y, radius * (1f + (ring * 0.32f)), radius * (1f + (ring * 0.32f)), palette.Accent.WithAlpha((byte)(22 - (ring * 2))));
        FillOval(x, y, radius, radius, palette.Accent);
    }

    /// <summary>Overlaid waves, each with twice the frequency and half the height: a curve over 0–1 with values of about −1…1.</summary>
    public Func<float, float> Curve(float frequency, int waves)
    {
        var phases = Enumerable.Range(0, waves).Select(_ => Random(0f, MathF.Tau)).ToArray();
        return x => phases.Select((phase, i) => MathF.ScaleB(0.6f, -i) * MathF.Sin((MathF.ScaleB(frequency, i) * x) + phase)).Sum();
    }
}
