namespace McpImageGen.Jobs.Lifecycle;

/// <summary>How many jobs of one model are pending, or processing.</summary>
public sealed record UnfinishedCount(string Status, string Model, long Count);
