using McpImageGen.McpApi.Prompts;
using McpImageGen.McpApi.Tools;
using ModelContextProtocol.Server;

namespace McpImageGen.McpApi.Resources;

/// <summary>Adds resources, prompts and the completion of their arguments to the MCP server.</summary>
internal static class ResourcesSetup
{
    public static IMcpServerBuilder WithJobResources(this IMcpServerBuilder mcp)
    {
        mcp.Services.AddSingleton<BrowseTools>();
        mcp.Services.AddSingleton<JobResources>();
        mcp.Services.AddSingleton<ArgumentCompletion>();
        return mcp
            .WithListResourcesHandler((request, cancellationToken) => In<JobResources>(request).ListAsync(cancellationToken))
            .WithListResourceTemplatesHandler((_, _) => JobResources.ListTemplatesAsync())
            .WithReadResourceHandler((request, cancellationToken) => In<JobResources>(request).ReadAsync(request, cancellationToken))
            .WithCompleteHandler((request, cancellationToken) => In<ArgumentCompletion>(request).CompleteAsync(request.Params, cancellationToken))
            .WithPrompts<ImagePrompts>()
            .WithRequestFilters(filters => filters.AddGetPromptFilter(PromptCalls.Around));
    }

    private static T In<T>(MessageContext request)
        where T : notnull => request.Services!.GetRequiredService<T>();
}
