using SkiaSharp;

namespace McpImageGen.WorkersAiEmulator.Drawing;

/// <summary>The available styles. Each fills the whole image.</summary>
internal static class Styles
{
    public static readonly IReadOnlyList<Action<ImageCanvas>> All = [Hills, Lake, Sea, Bands, Contours];

    private static void Hills(ImageCanvas image)
    {
        var horizon = image.Height * image.Random(0.36f, 0.52f);
        image.FillGradient(0, horizon * 1.5f, 0.42f, 0f);
        image.DrawSun(
            image.Width * image.Random(0.2f, 0.8f), horizon * image.Random(0.45f, 0.95f), image.Side * image.Random(0.05f, 0.11f));
        var layers = image.Random(5, 7);
        for (var layer = 0; layer < layers; layer++)
        {
            var depth = (layer + 1f) / layers;
            var curve = image.Curve(image.Random(3f, 6f) * (1.2f - (0.5f * depth)), 3);
            var level = horizon + ((image.Height - horizon) * 0.92f * MathF.Pow(layer / (float)layers, 1.15f));
            var swing = image.Height * (0.035f + (0.05f * depth));
            image.FillBelow(x => level + (swing * curve(x)), image.Palette.At(0.2f + (0.8f * depth)));
        }
    }

    private static void Lake(ImageCanvas image)
    {
        var shore = image.Height * image.Random(0.66f, 0.78f);
        image.FillGradient(0, shore, 0.5f, 0f);
        var sun = image.Width * image.Random(0.15f, 0.85f);
        image.DrawSun(sun, image.Height * image.Random(0.14f, 0.3f), image.Side * image.Random(0.04f, 0.08f));
        for (var range = 0; range < 4; range++)
        {
            var curve = image.Curve(image.Random(4f, 7f), 6);
            var (level, rise) = (image.Height * (0.32f + (0.1f * range)), image.Height * (0.09f - (0.012f * range)));
            image.FillBelow(x => level - (rise * curve(x)), image.Palette.At(0.24f + (0.17f * range)));
        }

        FillWater(image, shore, sun);
    }

    private static void Sea(ImageCanvas image)
    {
        var horizon = image.Height * image.Random(0.52f, 0.66f);
        image.FillGradient(0, horizon, 0.85f, 0.15f);
        var moon = image.Width * image.Random(0.25f, 0.75f);
        image.DrawSun(moon, horizon * image.Random(0.35f, 0.72f), image.Side * image.Random(0.07f, 0.13f));
        FillWater(image, horizon, moon);
    }

    /// <summary>Water with reflected light: flat ellipses below the sun, wider and sparser towards the viewer.</summary>
    private static void FillWater(ImageCanvas image, float top, float sun)
    {
        const int Reflections = 24;
        image.FillGradient(top, image.Height, 0.36f, 0.95f);
        for (var reflection = 0; reflection < Reflections; reflection++)
        {
            var near = (reflection + image.Random(0f, 1f)) / Reflections;
            image.FillOval(
                sun + (image.Side * 0.07f * near * image.Random(-1f, 1f)), top + ((image.Height - top) * (0.02f + (0.95f * near * near))),
                image.Side * (0.03f + (0.13f * near)) * image.Random(0.4f, 1f), image.Side * (0.0012f + (0.0035f * near)),
                image.Palette.Accent.WithAlpha((byte)(170 - (90 * near))));
        }
    }

    private static void Bands(ImageCanvas image)
    {
        image.Canvas.DrawColor(image.Palette.At(0.02f));
        image.Canvas.Save();
        image.Canvas.RotateDegrees(image.Random(-28f, 28f), image.Width / 2, image.Height / 2);
        image.Canvas.Scale(1.5f, 1.5f, image.Width / 2, image.Height / 2);
        var bands = image.Random(11, 15);
        var accent = image.Random(3, bands - 4);
        var (first, second) = (image.Curve(image.Random(3f, 5f), 3), image.Curve(image.Random(4f, 7f), 3));
        for (var band = 0; band < bands; band++)
        {
            var share = band / (float)bands;
            image.FillBelow(
                x => image.Height * (0.06f + (0.92f * share) + (0.11f * float.Lerp(first(x), second(x), share))),
                band == accent ? image.Palette.Accent : image.Palette.At(0.08f + (0.92f * share)));
        }

        image.Canvas.Restore();
    }

    private static void Contours(ImageCanvas image)
    {
        const int Points = 180;
        var inward = image.Random(0, 1);
        var (x, y) = (image.Width * image.Random(0.3f, 0.7f), image.Height * image.Random(0.3f, 0.7f));
        image.Canvas.DrawColor(image.Palette.At(1 - inward));
        var (curve, lobes, phase) = (image.Curve(1f, 3), image.Random(2, 3), image.Random(0f, MathF.Tau));
        var levels = image.Random(9, 13);
        for (var level = 0; level < levels; level++)
        {
            var share = (level + 1f) / levels;
            var radius = Math.Max(image.Width, image.Height) * 0.78f * (1f - (level / (float)levels));
            var outline = Enumerable.Range(0, Points).Select(i => MathF.Tau * i / Points).Select(angle =>
            {
                var lobe = MathF.Sin((lobes * angle) + phase + (share * 1.4f));
                var distance = radius * (1f + (0.14f * lobe) + (0.05f * curve(MathF.Sin(angle) * 3f)));
                return new SKPoint(x + (distance * MathF.Cos(angle)), y + (distance * MathF.Sin(angle)));
            });
            image.FillPolygon([.. outline], level == levels - 1 ? image.Palette.Accent : image.Palette.At(inward == 1 ? share : 1f - share));
        }
    }
}
