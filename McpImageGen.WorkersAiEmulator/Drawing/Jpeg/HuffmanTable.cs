namespace McpImageGen.WorkersAiEmulator.Drawing.Jpeg;

/// <summary>One of the four Huffman tables that the JPEG standard gives as typical (ITU-T T.81, annex K.3).</summary>
internal sealed class HuffmanTable
{
    public static readonly HuffmanTable LumaDc = new(0x00, "00010501010101010100000000000000", "000102030405060708090a0b");
    public static readonly HuffmanTable ChromaDc = new(0x01, "00030101010101010101010000000000", "000102030405060708090a0b");

    public static readonly HuffmanTable LumaAc = new(
        0x10, "0002010303020403050504040000017d",
        "01020300041105122131410613516107227114328191a1082342b1c11552d1f02433627282090a161718191a25262728292a3435363738393a434445464748494a53"
        + "5455565758595a636465666768696a737475767778797a838485868788898a92939495969798999aa2a3a4a5a6a7a8a9aab2b3b4b5b6b7b8b9bac2c3c4c5c6c7c8"
        + "c9cad2d3d4d5d6d7d8d9dae1e2e3e4e5e6e7e8e9eaf1f2f3f4f5f6f7f8f9fa");

    public static readonly HuffmanTable ChromaAc = new(
        0x11, "00020102040403040705040400010277",
        "000102031104052131061241510761711322328108144291a1b1c109233352f0156272d10a162434e125f11718191a262728292a35363738393a43444546474849"
        + "4a535455565758595a636465666768696a737475767778797a82838485868788898a92939495969798999aa2a3a4a5a6a7a8a9aab2b3b4b5b6b7b8b9bac2c3c4c5"
        + "c6c7c8c9cad2d3d4d5d6d7d8d9dae2e3e4e5e6e7e8e9eaf2f3f4f5f6f7f8f9fa");

    private HuffmanTable(byte id, string lengths, string symbols)
    {
        (Id, Lengths, Symbols) = (id, Convert.FromHexString(lengths), Convert.FromHexString(symbols));
        var (code, place) = (0u, 0);
        for (var length = 1; length <= 16; length++, code <<= 1)
        {
            for (var count = Lengths[length - 1]; count > 0; count--, code++, place++)
                (Codes[Symbols[place]], Bits[Symbols[place]]) = (code, (byte)length);
        }
    }

    public byte Id { get; }

    public byte[] Lengths { get; }

    public byte[] Symbols { get; }

    public uint[] Codes { get; } = new uint[256];

    public byte[] Bits { get; } = new byte[256];
}
