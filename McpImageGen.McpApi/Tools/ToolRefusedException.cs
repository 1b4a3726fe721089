using ModelContextProtocol.Protocol;

namespace McpImageGen.McpApi.Tools;

/// <summary>Ends a tool call with an answer that says why it was not carried out.</summary>
internal sealed class ToolRefusedException(CallToolResult answer) : Exception("The call was refused.")
{
    public CallToolResult Answer => answer;
}
