namespace McpImageGen.McpApi.Images;

/// <summary>A job's image, made small.</summary>
internal sealed record Preview(Guid JobId, byte[] Jpeg);
