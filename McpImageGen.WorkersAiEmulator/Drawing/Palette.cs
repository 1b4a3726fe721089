using SkiaSharp;

namespace McpImageGen.WorkersAiEmulator.Drawing;

/// <summary>Matching colours: a ramp from light (0) to dark (1), and an accent for suns, moons and highlights.</summary>
internal sealed record Palette(SKColorF[] Ramp, SKColor Accent)
{
    private static readonly string[] Choices =
    [
        "FDE7D3 F9C6A6 E8927C B2586F 5B3758 FFF6DF", // dawn
        "E6F3F1 B5DDD9 6FB3B8 2F7A8C 173F5F F9E2A0", // sea
        "F3F1DC CFE0B8 8FB98B 4C8468 1F4A45 F8C58A", // forest
        "F7D9E3 D9A7C7 9C7BB5 5A5295 2B2A5A FFE3B8", // dusk
        "FBEBD0 F2C894 DE9A5F B5643C 6B3328 FFF9EA", // desert
        "F2F4F5 D3DDE2 A3B6C1 667F8F 33475B F3AE8F", // mist
        "FFF1E6 FFD0B5 F49E8E 4FA39A 1E5B66 FFFDF8", // coral
        "8E9CCB 5F70A8 43538A 2A3765 161E40 F6EED2", // night
        "FFF3D6 F8D58A E8A04A B9552F 5E2A2A FFFBEA", // autumn
        "F1ECF8 CFC3E6 A493CC 6F63A8 3B3A72 FBD7B4", // lavender
        "FCE9E4 F3BFC0 D68A9E 93567D 4A2F56 FFF0D0", // rose
        "F5F0E6 DCD3BF A8B5A2 6F8F86 35535A E9A27B", // olive
    ];

    public static Palette Choose(Random random)
    {
        var colours = Choices[random.Next(Choices.Length)].Split(' ').Select(SKColor.Parse).ToArray();
        var rotation = 24f * (random.NextSingle() - 0.5f);
        return new Palette([.. colours[..^1].Select(colour => (SKColorF)Rotated(colour, rotation))], colours[^1]);
    }

    /// <summary>The colour at <paramref name="position"/> of the ramp, 0 (light) to 1 (dark).</summary>
    public SKColor At(float position)
    {
        var place = Math.Clamp(position, 0f, 1f) * (Ramp.Length - 1);
        var (from, to) = (Ramp[(int)place], Ramp[Math.Min((int)place + 1, Ramp.Length - 1)]);
        var share = place % 1f;
        return (SKColor)new SKColorF(
            float.Lerp(from.Red, to.Red, share), float.Lerp(from.Green, to.Green, share), float.Lerp(from.Blue, to.Blue, share));
    }

    /// <summary>Rotates the hue, so that two images with the same palette still differ.</summary>
    private static SKColor Rotated(SKColor colour, float degrees)
    {
        colour.ToHsl(out var hue, out var saturation, out var lightness);
        return SKColor.FromHsl((hue + degrees + 360f) % 360f, saturation, lightness);
    }
}
