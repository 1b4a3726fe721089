using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace McpImageGen.WorkersAiEmulator.Drawing.Jpeg;

/// <summary>Transforms 8 × 8 samples to quantized frequencies: the DCT of Arai, Agui and Nakajima, eight columns at a time.</summary>
internal sealed class BlockTransform
{
    private static readonly float[] Scales = [1f, 1.387039845f, 1.306562965f, 1.175875602f, 1f, 0.785694958f, 0.541196100f, 0.275899379f];

    private readonly float[] _factors = new float[64];
    private readonly float[] _turned = new float[64];

    /// <param name="quantization">Divisors of the frequencies, row by row.</param>
    public BlockTransform(ReadOnlySpan<byte> quantization)
    {
        Steps = quantization.ToArray();
        for (var column = 0; column < 8; column++)
        {
            for (var row = 0; row < 8; row++)
                _factors[(column * 8) + row] = 1f / (quantization[(row * 8) + column] * Scales[row] * Scales[column] * 8f);
        }
    }

    public byte[] Steps { get; }

    /// <summary>The only nonzero frequency of a block of 64 equal samples.</summary>
    public int Flat(float sample) => (int)MathF.Round(sample * 8f / Steps[0]);

    /// <summary>The frequencies in column order: transposed relative to the samples, which saves transposing them back.</summary>
    public void Apply(ReadOnlySpan<float> samples, int stride, Span<int> frequencies)
    {
        Span<Vector256<float>> lines = stackalloc Vector256<float>[8];
        for (var line = 0; line < 8; line++)
            lines[line] = Vector256.Create(samples.Slice(line * stride, 8));
        Transform(lines);
        for (var line = 0; line < 8; line++)
            lines[line].CopyTo(_turned, line * 8);

        for (var line = 0; line < 8; line++)
        {
            lines[line] = Vector256.Create(
                _turned[line], _turned[line + 8], _turned[line + 16], _turned[line + 24],
                _turned[line + 32], _turned[line + 40], _turned[line + 48], _turned[line + 56]);
        }

        Transform(lines);
        for (var line = 0; line < 8; line++)
        {
            var divided = lines[line] * Vector256.Create(_factors.AsSpan(line * 8, 8));
            Vector256.ConvertToInt32(Vector256.Round(divided)).CopyTo(frequencies[(line * 8)..]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transform(Span<Vector256<float>> d)
    {
        var (sum0, sum1, sum2, sum3) = (d[0] + d[7], d[1] + d[6], d[2] + d[5], d[3] + d[4]);
        var (difference0, difference1, difference2, difference3) = (d[0] - d[7], d[1] - d[6], d[2] - d[5], d[3] - d[4]);

        var (outer, inner) = (sum0 + sum3, sum1 + sum2);
        var (outerRest, innerRest) = (sum0 - sum3, sum1 - sum2);
        (d[0], d[4]) = (outer + inner, outer - inner);
        var even = (innerRest + outerRest) * 0.707106781f;
        (d[2], d[6]) = (outerRest + even, outerRest - even);

        var (low, middle, high) = (difference3 + difference2, difference2 + difference1, difference1 + difference0);
        var turn = (low - high) * 0.382683433f;
        var (lowPart, highPart, middlePart) = ((low * 0.541196100f) + turn, (high * 1.306562965f) + turn, middle * 0.707106781f);
        var (plus, minus) = (difference0 + middlePart, difference0 - middlePart);
        (d[5], d[3], d[1], d[7]) = (minus + lowPart, minus - lowPart, plus + highPart, plus - highPart);
    }
}
