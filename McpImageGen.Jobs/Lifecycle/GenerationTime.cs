namespace McpImageGen.Jobs.Lifecycle;

/// <summary>How long a model took for its newest images of the last hour, from the claim to the provider's answer.</summary>
/// <param name="Median">Half of them took longer.</param>
/// <param name="Images">How many there were.</param>
public sealed record GenerationTime(TimeSpan Median, int Images);
