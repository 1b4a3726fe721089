using McpImageGen.McpApi.Arguments;
using McpImageGen.McpApi.Results;
using Microsoft.Extensions.Options;
using ModelContextProtocol.Server;

namespace McpImageGen.McpApi.Tools;

internal static class ToolsSetup
{
    /// <summary>Adds the tools.</summary>
    public static IMcpServerBuilder WithImageTools(this IMcpServerBuilder mcp)
    {
        mcp.Services.AddSingleton<ToolArguments>();
        mcp.Services.AddSingleton<DefaultWaitLimit>();
        mcp.Services.AddSingleton<WaitingCalls>();
        mcp.Services.AddSingleton<IPostConfigureOptions<McpServerOptions>, ToolPresentation>();
        mcp.Services.AddOptions<McpServerOptions>().Configure(AnnotatedResults.AddTo);
        return mcp
            .WithRequestFilters(filters => filters.AddCallToolFilter(ToolCalls.Around))
            .WithTools<GenerationTools>()
            .WithTools<EditTools>()
            .WithTools<ModelTools>()
            .WithTools<WaitTools>()
            .WithTools<BrowseTools>()
            .WithTools<CancelAndDeleteTools>();
    }
}
