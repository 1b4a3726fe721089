using McpImageGen.McpApi.Arguments;
using McpImageGen.McpApi.Results;
using Microsoft.Extensions.Options;
using ModelContextProtocol.Server;

namespace McpImageGen.McpApi.Tools;

/// <summary>Sets the input and output schemas of each tool that clients get.</summary>
internal sealed class ToolPresentation(ToolArguments arguments) : IPostConfigureOptions<McpServerOptions>
{
    public void PostConfigure(string? name, McpServerOptions options)
    {
        foreach (var tool in options.ToolCollection ?? [])
        {
            var (returns, published) = (tool.Metadata.OfType<ReturnsAttribute>().Single(), tool.ProtocolTool);
            published.InputSchema = PublishedSchema.Of(arguments.Of(published.Name));
            published.OutputSchema = OutputSchema.Of(returns.Results);
            published.Annotations!.Title = null; // the tool itself has the same title
        }
    }
}
