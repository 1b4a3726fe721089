using SkiaSharp;

namespace McpImageGen.WorkersAiEmulator.Drawing;

/// <summary>Styles with a sky, something below it, and a sun or moon.</summary>
internal static class Landscapes
{
    public static void Hills(Sketch sketch)
    {
        var (palette, random) = (sketch.Palette, sketch.Random);
        var horizon = sketch.Height * random.Between(0.36f, 0.52f);
        sketch.Gradient(0, horizon * 1.5f, y => palette.At(0.42f - (0.42f * y)));
        sketch.Glow(
            sketch.Width * random.Between(0.2f, 0.8f), horizon * random.Between(0.45f, 0.95f), sketch.Side * random.Between(0.05f, 0.11f),
            palette.Accent);
        var layers = random.Between(5, 7);
        for (var layer = 0; layer < layers; layer++)
        {
            var depth = (layer + 1f) / layers;
            var wave = sketch.Waves(random.Between(3f, 6f) * (1.2f - (0.5f * depth)));
            var level = horizon + ((sketch.Height - horizon) * 0.92f * MathF.Pow(layer / (float)layers, 1.15f));
            var swing = sketch.Height * (0.035f + (0.05f * depth));
            sketch.Below(x => level + (swing * wave(x)), palette.At(0.2f + (0.8f * depth)));
        }
    }

    public static void Mountains(Sketch sketch)
    {
        var (palette, random) = (sketch.Palette, sketch.Random);
        var shore = sketch.Height * random.Between(0.66f, 0.78f);
        sketch.Gradient(0, shore, y => palette.At(0.5f - (0.5f * y)));
        var sunX = sketch.Width * random.Between(0.15f, 0.85f);
        sketch.Glow(sunX, sketch.Height * random.Between(0.14f, 0.3f), sketch.Side * random.Between(0.04f, 0.08f), palette.Accent);
        for (var range = 0; range < 4; range++)
        {
            var ridge = Ridge(random, detail: 5 + range);
            var (level, rise) = (sketch.Height * (0.4f + (0.09f * range)), sketch.Height * (0.24f - (0.04f * range)));
            sketch.Below(x => level - (rise * ridge(x)), palette.At(0.24f + (0.17f * range)), step: 5f);
        }

        sketch.Gradient(shore, sketch.Height, y => palette.At(0.3f + (0.62f * y)));
        Glints(sketch, sunX, shore, 16);
    }

    public static void MoonOverSea(Sketch sketch)
    {
        var (palette, random) = (sketch.Palette, sketch.Random);
        var horizon = sketch.Height * random.Between(0.52f, 0.66f);
        sketch.Gradient(0, horizon, y => palette.At(0.85f - (0.7f * y)));
        var x = sketch.Width * random.Between(0.25f, 0.75f);
        sketch.Glow(x, horizon * random.Between(0.35f, 0.72f), sketch.Side * random.Between(0.07f, 0.13f), palette.Accent);
        sketch.Gradient(horizon, sketch.Height, y => palette.At(0.42f + (0.55f * y)));
        Glints(sketch, x, horizon, 30);
        var wave = sketch.Waves(random.Between(3f, 5f));
        var shore = sketch.Height * random.Between(0.93f, 0.98f);
        sketch.Below(at => shore + (sketch.Height * 0.03f * wave(at)), palette.At(1f));
    }

    /// <summary>Light reflected on water: flat ellipses below a sun or moon, wider and sparser towards the viewer.</summary>
    private static void Glints(Sketch sketch, float x, float horizon, int count)
    {
        for (var glint = 0; glint < count; glint++)
        {
            var near = (glint + sketch.Random.Between(0f, 1f)) / count;
            var half = sketch.Side * (0.03f + (0.13f * near)) * sketch.Random.Between(0.4f, 1f);
            var centre = x + (sketch.Side * 0.07f * near * sketch.Random.Between(-1f, 1f));
            var y = horizon + ((sketch.Height - horizon) * (0.02f + (0.95f * near * near)));
            var thick = sketch.Side * (0.0012f + (0.0035f * near));
            using var builder = new SKPathBuilder();
            builder.AddOval(new SKRect(centre - half, y - thick, centre + half, y + thick));
            using var lens = builder.Detach();
            sketch.Fill(lens, sketch.Palette.Accent.WithAlpha((byte)(170 - (90 * near))));
        }
    }

    /// <summary>A ridge line by midpoint displacement: maps the horizontal position (0–1) to about 0…1.</summary>
    private static Func<float, float> Ridge(StableRandom random, int detail)
    {
        var heights = new float[(1 << detail) + 1];
        (heights[0], heights[^1]) = (random.Between(0.1f, 0.6f), random.Between(0.1f, 0.6f));
        var roughness = 0.55f;
        for (var span = heights.Length - 1; span > 1; span /= 2, roughness *= 0.52f)
        {
            for (var left = 0; left + span < heights.Length; left += span)
                heights[left + (span / 2)] = ((heights[left] + heights[left + span]) / 2) + (random.Between(-1f, 1f) * roughness);
        }

        return x =>
        {
            var place = Math.Clamp(x, 0f, 0.9999f) * (heights.Length - 1);
            var left = (int)place;
            return heights[left] + ((heights[left + 1] - heights[left]) * (place - left));
        };
    }
}
