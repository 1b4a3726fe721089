namespace McpImageGen.Jobs.Lifecycle;

/// <summary>Why a model cannot be used at the moment.</summary>
/// <param name="Code">A stable code.</param>
/// <param name="Reason">The sentence to it.</param>
/// <param name="Until">When it can be used again, Unix milliseconds; null where nobody knows.</param>
public sealed record ModelTrouble(string Code, string Reason, long? Until);
