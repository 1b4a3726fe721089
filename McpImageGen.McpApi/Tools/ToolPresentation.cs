using Microsoft.Extensions.Options;
using ModelContextProtocol.Server;

namespace McpImageGen.McpApi.Tools;

/// <summary>Sets the input and output schemas of each tool that clients get.</summary>
internal sealed class ToolPresentation(ToolArguments arguments) : IPostConfigureOptions<McpServerOptions>
{
    public void PostConfigure(string? name, McpServerOptions options)
    {
        foreach (var tool in (options.ToolCollection ?? []).Select(tool => tool.ProtocolTool))
        {
            tool.InputSchema = PublishedSchema.Of(arguments.Of(tool.Name));
            tool.OutputSchema = AnswerSchema.Of(tool.Name);
            tool.Annotations!.Title = null; // the tool itself has the same title
        }
    }
}
