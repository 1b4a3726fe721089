namespace McpImageGen.McpApi.Pages.Generate;

/// <summary>Why a form came to nothing.</summary>
/// <param name="Text">For whoever sent it.</param>
/// <param name="Field">The field to mend; null where it is none of them.</param>
public sealed record FormProblem(string Text, string? Field = null);
