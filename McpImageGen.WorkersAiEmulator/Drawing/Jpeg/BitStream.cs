using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace McpImageGen.WorkersAiEmulator.Drawing.Jpeg;

/// <summary>The bytes of a JPEG file: its marker segments, and the bits of its scan.</summary>
internal sealed class BitStream
{
    private byte[] _bytes = new byte[64 * 1024];
    private int _length;
    private ulong _pending;
    private int _pendingBits;

    /// <summary>Writes a marker with its content, including the length.</summary>
    public void Segment(byte marker, params ReadOnlySpan<byte> content)
    {
        Reserve(content.Length + 4);
        (_bytes[_length], _bytes[_length + 1]) = (0xFF, marker);
        BinaryPrimitives.WriteUInt16BigEndian(_bytes.AsSpan(_length + 2), (ushort)(content.Length + 2));
        content.CopyTo(_bytes.AsSpan(_length + 4));
        _length += content.Length + 4;
    }

    /// <summary>Writes a marker without content.</summary>
    public void Marker(byte marker)
    {
        Reserve(2);
        (_bytes[_length], _bytes[_length + 1]) = (0xFF, marker);
        _length += 2;
    }

    /// <summary>Reserves space in advance, so that writing bits does not have to check each time.</summary>
    public void Reserve(int bytes)
    {
        if (_length + bytes > _bytes.Length)
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + bytes));
    }

    /// <summary>Writes a symbol, followed by the lowest bits of a value; the symbol determines how many.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Symbol(HuffmanTable table, int symbol, int value = 0, int valueBits = 0)
    {
        // A negative value is written minus one, which distinguishes it from a positive value.
        var bits = (uint)(value < 0 ? value - 1 : value) & ((1u << valueBits) - 1);
        Append(((ulong)table.Codes[symbol] << valueBits) | bits, table.Bits[symbol] + valueBits);
    }

    public static int BitsOf(int value) => 32 - BitOperations.LeadingZeroCount((uint)Math.Abs(value));

    /// <summary>Fills the last byte of the scan with ones.</summary>
    public void EndScan() => Append(0x7F, 7);

    public byte[] ToArray() => _bytes[.._length];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Append(ulong bits, int count)
    {
        _pending = (_pending << count) | bits;
        _pendingBits += count;
        while (_pendingBits >= 8)
        {
            var next = (byte)(_pending >> (_pendingBits -= 8));
            _bytes[_length++] = next;
            if (next == 0xFF)
                _bytes[_length++] = 0;
        }
    }
}
