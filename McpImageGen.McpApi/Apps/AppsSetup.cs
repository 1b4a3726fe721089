using ModelContextProtocol.Server;

namespace McpImageGen.McpApi.Apps;

internal static class AppsSetup
{
    /// <summary>Adds the gallery app for clients that support MCP Apps. Call this after adding the tools.</summary>
    public static IMcpServerBuilder WithGalleryApp(this IMcpServerBuilder mcp)
    {
        mcp.Services.AddSingleton<GalleryApp>();
        mcp.Services.AddOptions<McpServerOptions>().PostConfigure(GalleryApp.AddTo);
        return mcp;
    }
}
