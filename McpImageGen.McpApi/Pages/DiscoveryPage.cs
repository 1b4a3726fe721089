using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Http.HttpResults;
using ModelContextProtocol.Server;

namespace McpImageGen.McpApi.Pages;

/// <summary>What whoever opens the server in a browser sees: what it is, where to connect, which tools there are.</summary>
internal static class DiscoveryPage
{
    public static void MapDiscoveryPage(this IEndpointRouteBuilder endpoints) => endpoints.MapGet("/", Render);

    private static ContentHttpResult Render(HttpRequest request, IEnumerable<McpServerTool> tools)
    {
        var mcp = Encode($"{request.Scheme}://{request.Host}{request.PathBase}/mcp");
        var list = new StringBuilder();
        foreach (var tool in tools.Select(tool => tool.ProtocolTool))
            list.Append($"<dt><code>{Encode(tool.Name)}</code></dt><dd>{Encode(tool.Description ?? "")}</dd>\n");

        return TypedResults.Content($"""
            <!doctype html>
            <html lang="en">
            <head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>McpImageGen</title></head>
            <body>
            <h1>McpImageGen</h1>
            <p>An MCP server that generates images. Connect an MCP client to <code>{mcp}</code> with the header
            <code>Authorization: Bearer TOKEN</code>.</p>
            <pre>claude mcp add --transport http image-generator {mcp} --header "Authorization: Bearer TOKEN"</pre>
            <h2>Tools</h2>
            <dl>
            {list}</dl>
            </body>
            </html>
            """, "text/html; charset=utf-8");
    }

    private static string Encode(string text) => HtmlEncoder.Default.Encode(text);
}
