using McpImageGen.Jobs.Images;

namespace McpImageGen.Jobs.Lifecycle;

/// <summary>What a completed job's row tells of its image.</summary>
/// <param name="Key">Where it is stored.</param>
/// <param name="Length">Bytes.</param>
/// <param name="Neurons">What it cost, in Workers AI neurons; null when unknown.</param>
/// <param name="GeneratedAt">When the provider had answered, Unix milliseconds.</param>
public sealed record FinishedImage(ImageKey Key, long Length, double? Neurons, long GeneratedAt)
{
    /// <summary>True if the provider did not accept the job's seed, which then says nothing about the image.</summary>
    public bool SeedIgnored { get; init; }
}
