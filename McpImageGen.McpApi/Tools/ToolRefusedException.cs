using ModelContextProtocol.Protocol;

namespace McpImageGen.McpApi.Tools;

/// <summary>Ends a tool call with a result that explains why it was rejected.</summary>
internal sealed class ToolRefusedException(CallToolResult answer) : Exception("The call was rejected.")
{
    public CallToolResult Answer => answer;

    /// <summary>The error message in the result.</summary>
    public string Error => Text("error")!;

    /// <summary>The invalid argument; null if the result names none.</summary>
    public string? Argument => Text("argument");

    private string? Text(string field) => answer.StructuredContent?.TryGetProperty(field, out var text) == true ? text.GetString() : null;
}
