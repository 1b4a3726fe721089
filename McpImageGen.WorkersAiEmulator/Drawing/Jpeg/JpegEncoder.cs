using System.Runtime.InteropServices;

namespace McpImageGen.WorkersAiEmulator.Drawing.Jpeg;

/// <summary>
/// A baseline JPEG encoder (4:2:0) that is fast for images with large flat areas, as drawn here. SkiaSharp's encoder takes three quarters
/// of the total time per image regardless of its content: too much for twenty concurrent images on two processors.
/// </summary>
internal sealed class JpegEncoder
{
    private const int Quality = 85;

    // The position in the block of each frequency, in the order in which they are written, for blocks in column order.
    private static ReadOnlySpan<byte> Order =>
    [
        0, 8, 1, 2, 9, 16, 24, 17, 10, 3, 4, 11, 18, 25, 32, 40, 33, 26, 19, 12, 5, 6, 13, 20, 27, 34, 41, 48, 56, 49, 42, 35,
        28, 21, 14, 7, 15, 22, 29, 36, 43, 50, 57, 58, 51, 44, 37, 30, 23, 31, 38, 45, 52, 59, 60, 53, 46, 39, 47, 54, 61, 62, 55, 63,
    ];

    private static readonly byte[] LumaSteps = Scaled(
    [
        16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56, 14, 17, 22, 29, 51, 87, 80, 62,
        18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92, 49, 64, 78, 87, 103, 121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99,
    ]);

    private static readonly byte[] ChromaSteps = Scaled(
    [
        17, 18, 24, 47, 99, 99, 99, 99, 18, 21, 26, 66, 99, 99, 99, 99, 24, 26, 56, 99, 99, 99, 99, 99, 47, 66, 99, 99, 99, 99, 99, 99,
        .. Enumerable.Repeat(99, 32),
    ]);

    private readonly BitStream _stream = new();
    private readonly BlockTransform _luma = new(LumaSteps);
    private readonly BlockTransform _chroma = new(ChromaSteps);
    private readonly Tile _tile = new();
    private readonly int[] _frequencies = new int[64];
    private int _lastLuma;
    private int _lastBlue;
    private int _lastRed;

    private JpegEncoder()
    {
    }

    /// <param name="pixels">Blue, green, red and an ignored byte for each pixel, in row order without gaps.</param>
    /// <param name="width">Pixels in a row.</param>
    /// <param name="height">Rows.</param>
    public static byte[] Encode(ReadOnlySpan<byte> pixels, int width, int height)
    {
        var encoder = new JpegEncoder();
        encoder.WriteHead(width, height);
        encoder.WriteScan(MemoryMarshal.Cast<byte, uint>(pixels), width, height);
        encoder._stream.Marker(0xD9);
        return encoder._stream.ToArray();
    }

    private void WriteHead(int width, int height)
    {
        _stream.Marker(0xD8);
        _stream.Segment(0xE0, [.. "JFIF\0"u8, 1, 1, 0, 0, 1, 0, 1, 0, 0]);
        _stream.Segment(0xDB, [0, .. InOrder(LumaSteps), 1, .. InOrder(ChromaSteps)]);
        _stream.Segment(
            0xC0, 8, (byte)(height >> 8), (byte)height, (byte)(width >> 8), (byte)width, 3, 1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1);
        foreach (var table in new[] { HuffmanTable.LumaDc, HuffmanTable.LumaAc, HuffmanTable.ChromaDc, HuffmanTable.ChromaAc })
            _stream.Segment(0xC4, [table.Id, .. table.Lengths, .. table.Symbols]);
        _stream.Segment(0xDA, 3, 1, 0x00, 2, 0x11, 3, 0x11, 0, 63, 0);
    }

    private void WriteScan(ReadOnlySpan<uint> pixels, int width, int height)
    {
        for (var y = 0; y < height; y += Tile.Side)
        {
            for (var x = 0; x < width; x += Tile.Side)
            {
                _stream.Reserve(4096);
                _tile.Read(pixels, width, height, x, y);
                WriteTile();
            }
        }

        _stream.EndScan();
    }

    private void WriteTile()
    {
        for (var block = 0; block < 4; block++)
        {
            var corner = (block / 2 * 8 * Tile.Side) + (block % 2 * 8);
            WriteBlock(_luma, _tile.Luma.AsSpan(corner), Tile.Side, HuffmanTable.LumaDc, HuffmanTable.LumaAc, ref _lastLuma);
        }

        WriteBlock(_chroma, _tile.Blue, 8, HuffmanTable.ChromaDc, HuffmanTable.ChromaAc, ref _lastBlue);
        WriteBlock(_chroma, _tile.Red, 8, HuffmanTable.ChromaDc, HuffmanTable.ChromaAc, ref _lastRed);
    }

    private void WriteBlock(BlockTransform transform, ReadOnlySpan<float> samples, int stride, HuffmanTable dc, HuffmanTable ac, ref int last)
    {
        if (_tile.IsFlat)
        {
            WriteDc(dc, transform.Flat(samples[0]), ref last);
            _stream.Symbol(ac, 0);
            return;
        }

        transform.Apply(samples, stride, _frequencies);
        WriteDc(dc, _frequencies[0], ref last);
        var zeros = 0;
        for (var place = 1; place < 64; place++)
        {
            var value = _frequencies[Order[place]];
            if (value == 0)
            {
                zeros++;
                continue;
            }

            for (; zeros > 15; zeros -= 16)
                _stream.Symbol(ac, 0xF0);
            var bits = BitStream.BitsOf(value);
            _stream.Symbol(ac, (zeros << 4) | bits, value, bits);
            zeros = 0;
        }

        if (zeros > 0)
            _stream.Symbol(ac, 0);
    }

    private void WriteDc(HuffmanTable table, int value, ref int last)
    {
        var difference = value - last;
        last = value;
        var bits = BitStream.BitsOf(difference);
        _stream.Symbol(table, bits, difference, bits);
    }

    /// <summary>The standard's typical divisors (annex K.1), scaled down for better quality.</summary>
    private static byte[] Scaled(int[] steps) =>
        [.. steps.Select(step => (byte)Math.Clamp(((step * (200 - (2 * Quality))) + 50) / 100, 1, 255))];

    private static IEnumerable<byte> InOrder(byte[] steps) => Order.ToArray().Select(place => steps[(place % 8 * 8) + (place / 8)]);
}
