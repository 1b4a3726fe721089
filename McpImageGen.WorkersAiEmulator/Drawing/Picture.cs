using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace McpImageGen.WorkersAiEmulator.Drawing;

/// <summary>What a picture depends on; equal values give identical bytes.</summary>
internal sealed record Picture(string Model, string Prompt, long Seed, int Width, int Height, PictureFormat Format)
{
    /// <summary>The size is left out, so that one prompt and seed keep their composition at every size.</summary>
    public StableRandom Randomness()
    {
        var digest = SHA256.HashData(Encoding.UTF8.GetBytes($"{Model}\n{Seed}\n{Prompt}"));
        return new StableRandom(BinaryPrimitives.ReadUInt64LittleEndian(digest));
    }
}
