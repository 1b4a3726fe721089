using SkiaSharp;

namespace McpImageGen.WorkersAiEmulator.Drawing;

/// <summary>Styles of shapes and bands.</summary>
internal static class Abstracts
{
    public static void Ribbons(Sketch sketch)
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

    public static void Orbs(Sketch sketch)
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

    public static void Contours(Sketch sketch)
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

    public static void Arches(Sketch sketch)
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
}
