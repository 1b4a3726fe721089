namespace McpImageGen.Jobs.Lifecycle;

/// <summary>The number of pending or processing jobs of a model.</summary>
public sealed record UnfinishedCount(string Status, string Model, long Count);
