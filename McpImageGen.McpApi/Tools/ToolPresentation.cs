using Microsoft.Extensions.Options;
using ModelContextProtocol.Server;

namespace McpImageGen.McpApi.Tools;

/// <summary>Gives each tool what its attributes cannot say: the schema of its answers, and its icon.</summary>
internal sealed class ToolPresentation : IPostConfigureOptions<McpServerOptions>
{
    public void PostConfigure(string? name, McpServerOptions options)
    {
        foreach (var tool in (options.ToolCollection ?? []).Select(tool => tool.ProtocolTool))
        {
            tool.OutputSchema = AnswerSchema.Of(tool.Name);
            tool.Icons = [ToolIcons.Of(tool)];
        }
    }
}
