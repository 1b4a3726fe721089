namespace McpImageGen.Jobs.Images;

/// <summary>An image or a thumbnail in the store.</summary>
/// <param name="Key">Its name.</param>
/// <param name="StoredAt">When it was stored, by the store's clock.</param>
public sealed record ListedImage(ImageKey Key, DateTimeOffset StoredAt);
