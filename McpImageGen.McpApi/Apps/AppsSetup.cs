using ModelContextProtocol.Server;

namespace McpImageGen.McpApi.Apps;

internal static class AppsSetup
{
    /// <summary>Adds the gallery for the clients that show apps. The tools are added before.</summary>
    public static IMcpServerBuilder WithGalleryApp(this IMcpServerBuilder mcp)
    {
        mcp.Services.AddSingleton<GalleryApp>();
        mcp.Services.AddOptions<McpServerOptions>().PostConfigure(GalleryApp.AddTo);
        return mcp;
    }
}
