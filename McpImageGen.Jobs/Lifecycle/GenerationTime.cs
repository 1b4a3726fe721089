namespace McpImageGen.Jobs.Lifecycle;

/// <summary>How long a model took for its newest images of the last hour, from the claim to the provider's response.</summary>
/// <param name="Median">The median time.</param>
/// <param name="Images">The number of images.</param>
public sealed record GenerationTime(TimeSpan Median, int Images);
