using System.Text.Json.Nodes;
using McpImageGen.McpApi.Images;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace McpImageGen.McpApi.Resources;

/// <summary>
/// An MCP App (the extension <c>io.modelcontextprotocol/ui</c>, revision 2026-01-26): a page that clients show with the results of some tools,
/// and that displays the images. It loads only the images.
/// </summary>
internal sealed class GalleryApp(ImageLinks links)
{
    /// <summary>The URI of the page.</summary>
    public const string Uri = "ui://mcp-image-generator/gallery";

    private const string Extension = "io.modelcontextprotocol/ui";

    private const string MediaType = "text/html;profile=mcp-app";

    /// <summary>The tools whose results contain images.</summary>
    private static readonly string[] Tools = ["generate_image_and_wait", "edit_image_and_wait", "wait_for_completion", "list_generations"];

    private static readonly string Page = ReadPage();

    /// <summary>Adds the extension to the server's capabilities and links the page to the tools whose results it shows.</summary>
    public static void AddTo(McpServerOptions server)
    {
        ((server.Capabilities ??= new()).Extensions ??= new Dictionary<string, object>())[Extension] = new JsonObject();
        foreach (var tool in server.ToolCollection!.Where(tool => Tools.Contains(tool.ProtocolTool.Name)))
        {
            var meta = tool.ProtocolTool.Meta ??= [];
            meta["ui"] = new JsonObject { ["resourceUri"] = Uri };

            // Hosts from before revision 2026-01-26 know only this key.
            meta["ui/resourceUri"] = Uri;
        }
    }

    /// <summary>The page, and the origin that its images are loaded from: the client blocks all other origins.</summary>
    public ResourceContents Read() => new TextResourceContents
    {
        Uri = Uri,
        MimeType = MediaType,
        Text = Page,
        Meta = new JsonObject
        {
            ["ui"] = new JsonObject
            {
                ["csp"] = new JsonObject { ["resourceDomains"] = new JsonArray(links.Origin) },
                ["prefersBorder"] = false,
            },
        },
    };

    private static string ReadPage()
    {
        using var page = new StreamReader(typeof(GalleryApp).Assembly.GetManifestResourceStream("gallery.html")!);
        return page.ReadToEnd();
    }
}
