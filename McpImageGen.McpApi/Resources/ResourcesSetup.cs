using ModelContextProtocol.Server;

namespace McpImageGen.McpApi.Resources;

internal static class ResourcesSetup
{
    /// <summary>Adds the resources, the completion of arguments, and the gallery app for clients that support MCP Apps. Call this after adding the tools.</summary>
    public static IMcpServerBuilder WithJobResources(this IMcpServerBuilder mcp)
    {
        mcp.Services.AddSingleton<GalleryApp>();
        mcp.Services.AddOptions<McpServerOptions>().PostConfigure(GalleryApp.AddTo);
        mcp.Services.AddSingleton<JobResources>();
        mcp.Services.AddSingleton<ArgumentCompletion>();
        return mcp
            .WithListResourcesHandler((request, cancellationToken) => In<JobResources>(request).ListAsync(cancellationToken))
            .WithListResourceTemplatesHandler((_, _) => JobResources.ListTemplatesAsync())
            .WithReadResourceHandler((request, cancellationToken) => In<JobResources>(request).ReadAsync(request, cancellationToken))
            .WithCompleteHandler((request, cancellationToken) => In<ArgumentCompletion>(request).CompleteAsync(request.Params, cancellationToken));
    }

    private static T In<T>(MessageContext request)
        where T : notnull => request.Services!.GetRequiredService<T>();
}
