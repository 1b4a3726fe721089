namespace McpImageGen.Jobs.Images;

/// <summary>The image store works, but it cannot read this image, for instance because of the permissions of its file.</summary>
public sealed class ImageUnreadableException(string message, Exception inner) : IOException(message, inner);
