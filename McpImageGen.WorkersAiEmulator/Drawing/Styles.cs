using SkiaSharp;

namespace McpImageGen.WorkersAiEmulator.Drawing;

/// <summary>The styles a picture may come in. Each fills the whole surface.</summary>
internal static class Styles
{
    public static readonly IReadOnlyList<Action<Sketch>> All = [Hills, Mountains, Ribbons, Orbs, Contours, MoonOverSea, Arches];

    private static void Hills(Sketch sketch)
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

    private static void Mountains(Sketch sketch)
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

    private static void Ribbons(Sketch sketch)
    {
        var (palette, random) = (sketch.Palette, sketch.Random);
        sketch.Canvas.DrawColor(palette.At(0.02f));
        sketch.Canvas.Save();
        sketch.Canvas.RotateDegrees(random.Between(-28f, 28f), sketch.Width / 2, sketch.Height / 2);
        sketch.Canvas.Scale(1.5f, 1.5f, sketch.Width / 2, sketch.Height / 2);
        var bands = random.Between(11, 15);
        var accented = random.Between(3, bands - 4);
        var (first, second) = (sketch.Waves(random.Between(3f, 5f)), sketch.Waves(random.Between(4f, 7f)));
        for (var band = 0; band < bands; band++)
        {
            var share = band / (float)bands;
            var level = sketch.Height * (0.06f + (0.92f * share));
            var swing = sketch.Height * 0.11f;
            sketch.Below(
                x => level + (swing * ((first(x) * (1f - share)) + (second(x) * share))),
                band == accented ? palette.Accent : palette.At(0.08f + (0.92f * share)), step: 10f);
        }

        sketch.Canvas.Restore();
    }

    private static void Orbs(Sketch sketch)
    {
        var (palette, random) = (sketch.Palette, sketch.Random);
        var light = random.Between(0f, 0.12f);
        sketch.Gradient(0, sketch.Height, y => palette.At(light + (0.22f * y)));
        var orbs = random.Between(6, 9);
        for (var orb = 0; orb < orbs; orb++)
        {
            var radius = sketch.Side * random.Between(0.08f, 0.3f) * (1.15f - (0.6f * orb / orbs));
            var (x, y) = (sketch.Width * random.Between(0.12f, 0.88f), sketch.Height * random.Between(0.12f, 0.88f));
            var colour = orb == orbs - 1 ? palette.Accent : palette.At(random.Between(0.25f, 0.95f)).WithAlpha(205);
            if (random.Chance(0.3f))
                sketch.Ring(x, y, radius, radius * random.Between(0.06f, 0.3f), colour);
            else
                sketch.Disc(x, y, radius, colour);
        }
    }

    private static void Contours(Sketch sketch)
    {
        var (palette, random) = (sketch.Palette, sketch.Random);
        var inward = random.Chance(0.5f);
        var (x, y) = (sketch.Width * random.Between(0.3f, 0.7f), sketch.Height * random.Between(0.3f, 0.7f));
        sketch.Canvas.DrawColor(palette.At(inward ? 0f : 1f));
        var wave = sketch.Waves(1f);
        var lobes = random.Between(2, 3);
        var (phase, levels) = (random.Between(0f, 6.28f), random.Between(9, 13));
        for (var level = 0; level < levels; level++)
        {
            var share = (level + 1f) / levels;
            var radius = MathF.Max(sketch.Width, sketch.Height) * 0.78f * (1f - (level / (float)levels));
            using var builder = new SKPathBuilder();
            for (var angle = 0f; angle < MathF.Tau; angle += MathF.Tau / 180f)
            {
                var r = radius * (1f + (0.14f * MathF.Sin((lobes * angle) + phase + (share * 1.4f))) + (0.05f * wave(MathF.Sin(angle) * 3f)));
                var point = new SKPoint(x + (r * MathF.Cos(angle)), y + (r * MathF.Sin(angle)));
                if (angle == 0f)
                    builder.MoveTo(point);
                else
                    builder.LineTo(point);
            }

            builder.Close();
            using var path = builder.Detach();
            sketch.Fill(path, level == levels - 1 ? palette.Accent : palette.At(inward ? share : 1f - share));
        }
    }

    private static void MoonOverSea(Sketch sketch)
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

    private static void Arches(Sketch sketch)
    {
        var (palette, random) = (sketch.Palette, sketch.Random);
        sketch.Canvas.DrawColor(palette.At(0.03f));
        var columns = random.Between(2, 3);
        for (var column = 0; column < columns; column++)
        {
            var x = sketch.Width * (column + 0.5f + random.Between(-0.15f, 0.15f)) / columns;
            var (outer, top) = (sketch.Width * random.Between(0.5f, 0.72f) / columns, sketch.Height * random.Between(0.3f, 0.62f));
            var rings = random.Between(5, 7);
            for (var ring = 0; ring < rings; ring++)
            {
                var r = outer * (1f - (ring / (rings + 0.6f)));
                using var builder = new SKPathBuilder();
                builder.AddRoundRect(new SKRect(x - r, top + outer - r, x + r, sketch.Height + (2 * r)), r, r);
                using var arch = builder.Detach();
                sketch.Fill(arch, ring == rings - 1 ? palette.Accent : palette.At(0.15f + (0.85f * ((ring * 2) + column) % rings / rings)));
            }
        }
    }

    /// <summary>Light on water: flat lenses below a sun or moon, wider and sparser towards the viewer.</summary>
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

    /// <summary>A ridge line from midpoint displacement: position over the width (0–1) to about 0…1.</summary>
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
