namespace McpImageGen.Jobs.Lifecycle;

/// <summary>Why a model is temporarily unavailable.</summary>
/// <param name="Code">A stable code.</param>
/// <param name="Reason">The message for the code.</param>
/// <param name="Until">When it can be used again, Unix milliseconds; null if unknown.</param>
public sealed record ModelOutage(string Code, string Reason, long? Until);
