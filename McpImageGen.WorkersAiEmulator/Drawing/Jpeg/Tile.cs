using System.Runtime.Intrinsics;

namespace McpImageGen.WorkersAiEmulator.Drawing.Jpeg;

/// <summary>16 × 16 pixels as luma and, at half the resolution, two chroma components, each from −128 to 127.</summary>
internal sealed class Tile
{
    public const int Side = 16;

    private readonly uint[] _pixels = new uint[Side * Side];

    public float[] Luma { get; } = new float[Side * Side];

    public float[] Blue { get; } = new float[64];

    public float[] Red { get; } = new float[64];

    /// <summary>True if all pixels are the same; then only the first value of each array is set.</summary>
    public bool IsFlat { get; private set; }

    /// <summary>Reads the tile at a position; beyond the image, its last column and row are repeated.</summary>
    public void Read(ReadOnlySpan<uint> pixels, int width, int height, int x, int y)
    {
        var inside = Math.Min(Side, width - x);
        for (var row = 0; row < Side; row++)
        {
            var line = _pixels.AsSpan(row * Side, Side);
            pixels.Slice((Math.Min(y + row, height - 1) * width) + x, inside).CopyTo(line);
            line[inside..].Fill(line[inside - 1]);
        }

        IsFlat = AllEqual(_pixels);
        if (IsFlat)
            ReadFirst();
        else
            ReadAll();
    }

    private static bool AllEqual(ReadOnlySpan<uint> pixels)
    {
        var first = Vector256.Create(pixels[0]);
        for (var place = 0; place < pixels.Length; place += 8)
        {
            if (Vector256.Create(pixels.Slice(place, 8)) != first)
                return false;
        }

        return true;
    }

    private void ReadFirst()
    {
        var (red, green, blue) = Colours(_pixels[0]);
        (Luma[0], Blue[0], Red[0]) = (Brightness(red, green, blue), BlueDifference(red, green, blue), RedDifference(red, green, blue));
        for (var block = 1; block < 4; block++)
            Luma[(block / 2 * 8 * Side) + (block % 2 * 8)] = Luma[0];
    }

    private void ReadAll()
    {
        for (var place = 0; place < Luma.Length; place += 8)
        {
            var pixels = Vector256.Create(_pixels.AsSpan(place, 8));
            var mask = Vector256.Create(0xFFu);
            var red = Vector256.ConvertToSingle(((pixels >> 16) & mask).AsInt32());
            var green = Vector256.ConvertToSingle(((pixels >> 8) & mask).AsInt32());
            var blue = Vector256.ConvertToSingle((pixels & mask).AsInt32());
            ((red * 0.299f) + (green * 0.587f) + (blue * 0.114f) - Vector256.Create(128f)).CopyTo(Luma, place);
        }

        for (var place = 0; place < Blue.Length; place++)
        {
            var corner = (place / 8 * 2 * Side) + (place % 8 * 2);
            var (red, green, blue) = Colours(_pixels[corner], _pixels[corner + 1], _pixels[corner + Side], _pixels[corner + Side + 1]);
            (Blue[place], Red[place]) = (BlueDifference(red, green, blue), RedDifference(red, green, blue));
        }
    }

    private static (float Red, float Green, float Blue) Colours(uint pixel) =>
        ((pixel >> 16) & 0xFF, (pixel >> 8) & 0xFF, pixel & 0xFF);

    /// <summary>The mean of four pixels; red and blue are summed in parallel in one number.</summary>
    private static (float Red, float Green, float Blue) Colours(uint a, uint b, uint c, uint d)
    {
        var redAndBlue = (a & 0xFF00FF) + (b & 0xFF00FF) + (c & 0xFF00FF) + (d & 0xFF00FF);
        var green = ((a >> 8) & 0xFF) + ((b >> 8) & 0xFF) + ((c >> 8) & 0xFF) + ((d >> 8) & 0xFF);
        return ((redAndBlue >> 16) / 4f, green / 4f, (redAndBlue & 0xFFFF) / 4f);
    }

    private static float Brightness(float red, float green, float blue) => (red * 0.299f) + (green * 0.587f) + (blue * 0.114f) - 128f;

    private static float BlueDifference(float red, float green, float blue) => (red * -0.168736f) - (green * 0.331264f) + (blue * 0.5f);

    private static float RedDifference(float red, float green, float blue) => (red * 0.5f) - (green * 0.418688f) - (blue * 0.081312f);
}
