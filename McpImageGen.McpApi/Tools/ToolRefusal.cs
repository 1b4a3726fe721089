namespace McpImageGen.McpApi.Tools;

/// <summary>Why a call was not carried out.</summary>
/// <param name="Argument">The argument that is wrong.</param>
/// <param name="Error">What is wrong with it and what is allowed.</param>
internal sealed record ToolRefusal(string Argument, string Error);
