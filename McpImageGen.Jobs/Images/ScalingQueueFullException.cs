namespace McpImageGen.Jobs.Images;

/// <summary>Too many images are waiting to be scaled. The same call may succeed in a few seconds.</summary>
public sealed class ScalingQueueFullException() : Exception("Too many images are waiting to be scaled.");
