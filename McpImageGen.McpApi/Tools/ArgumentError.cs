namespace McpImageGen.McpApi.Tools;

/// <summary>Why a call was rejected.</summary>
/// <param name="Argument">The invalid argument.</param>
/// <param name="Error">What is wrong with it and what is allowed.</param>
internal sealed record ArgumentError(string Argument, string Error);
