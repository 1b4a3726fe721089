namespace McpImageGen.McpApi.Images;

/// <summary>A reduced copy of a job's image.</summary>
internal sealed record Preview(Guid JobId, byte[] Jpeg);
