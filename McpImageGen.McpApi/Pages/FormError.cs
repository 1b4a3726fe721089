namespace McpImageGen.McpApi.Pages;

/// <summary>Why a form was not accepted.</summary>
/// <param name="Text">The message for the user.</param>
/// <param name="Field">The invalid field; null if the problem is not in a field.</param>
public sealed record FormError(string Text, string? Field = null);
