using ModelContextProtocol.Protocol;

namespace McpImageGen.McpApi.Tools;

/// <summary>Ends a tool call with an answer that says why it was not carried out.</summary>
internal sealed class ToolRefusedException(CallToolResult answer) : Exception("The call was refused.")
{
    public CallToolResult Answer => answer;

    /// <summary>The answer's sentence.</summary>
    public string Error => Text("error")!;

    /// <summary>The argument that is wrong; null where the answer names none.</summary>
    public string? Argument => Text("argument");

    private string? Text(string field) => answer.StructuredContent?.TryGetProperty(field, out var text) == true ? text.GetString() : null;
}
