using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace McpImageGen.WorkersAiEmulator.Drawing;

/// <summary>The inputs that determine an image; equal values give identical bytes.</summary>
internal sealed record Picture(string Model, string Prompt, long Seed, int Width, int Height, PictureFormat Format)
{
    /// <summary>Excludes the size, so that the same prompt and seed have the same composition at every size.</summary>
    public StableRandom Randomness()
    {
        var digest = SHA256.HashData(Encoding.UTF8.GetBytes($"{Model}\n{Seed}\n{Prompt}"));
        return new StableRandom(BinaryPrimitives.ReadUInt64LittleEndian(digest));
    }
}
