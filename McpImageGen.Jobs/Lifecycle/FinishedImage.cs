using McpImageGen.Jobs.Images;

namespace McpImageGen.Jobs.Lifecycle;

/// <summary>The image of a completed job, as recorded in its row.</summary>
/// <param name="Key">The key in the image store.</param>
/// <param name="Length">The size in bytes.</param>
/// <param name="Neurons">The cost in Workers AI neurons; null if unknown.</param>
/// <param name="GeneratedAt">When the provider's response arrived, Unix milliseconds.</param>
public sealed record FinishedImage(ImageKey Key, long Length, double? Neurons, long GeneratedAt)
{
    /// <summary>True if the provider refused the job's seed, so that the seed does not belong to the image.</summary>
    public bool SeedIgnored { get; init; }
}
