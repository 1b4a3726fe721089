using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using McpImageGen.McpApi.Auth;
using McpImageGen.McpApi.Images;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using ModelContextProtocol.Server;

namespace McpImageGen.McpApi.ServerCard;

/// <summary>
/// The server card (SEP-2127): what a client can read before it connects. It is served at the path that the extension reserves below the endpoint
/// and at the paths of earlier drafts; the host's AI catalog links to it.
/// </summary>
internal static class ServerCardSetup
{
    private const string CardType = "application/mcp-server-card+json";
    private const string Name = "/mcp-image-generator";

    /// <summary>The MCP versions that the Streamable HTTP endpoint supports, with or without a handshake.</summary>
    private static readonly string[] Versions = ["2025-03-26", "2025-06-18", "2025-11-25", "2026-07-28"];

    public static void MapServerCard(this IEndpointRouteBuilder endpoints, string mcpPath, string ssePath)
    {
        foreach (var path in new[] { mcpPath + "/server-card", "/.well-known/mcp/server-card", "/.well-known/mcp/server-card.json" })
        {
            endpoints.MapGet(path, FileContentHttpResult (HttpContext context, ImageLinks links, IOptions<McpServerOptions> server, IOptions<AuthOptions> auth, IOptions<JwtOptions> jwt) =>
                Document(context, CardType, CardOf(context.Request.Host, links.BaseUrl, server.Value, auth.Value.Anonymous || jwt.Value.Authority is not null)));
        }

        endpoints.MapGet("/.well-known/ai-catalog.json", FileContentHttpResult (HttpContext context, ImageLinks links) => Document(
            context,
            "application/ai-catalog+json",
            new JsonObject
            {
                ["specVersion"] = "1.0",
                ["entries"] = new JsonArray(new JsonObject
                {
                    ["identifier"] = $"urn:air:{HostOf(context.Request.Host)}:mcp{Name.Replace('/', ':')}",
                    ["type"] = CardType,
                    ["url"] = links.BaseUrl + mcpPath + "/server-card",
                }),
            }));

        JsonObject CardOf(HostString host, string address, McpServerOptions server, bool canDoWithoutToken) => new()
        {
            ["$schema"] = "https://static.modelcontextprotocol.io/schemas/v1/server-card.schema.json",
            ["name"] = string.Join('.', NamespaceOf(HostOf(host))) + Name,
            ["title"] = server.ServerInfo!.Title,
            ["description"] = "Generates and edits images, up to 20 in one call.",
            ["version"] = server.ServerInfo.Version,
            ["remotes"] = new JsonArray(
                Remote("streamable-http", address + mcpPath, Versions, canDoWithoutToken),
                Remote("sse", address + ssePath, ["2024-11-05"], canDoWithoutToken)),
        };
    }

    private static JsonObject Remote(string type, string url, IEnumerable<string> versions, bool canDoWithoutToken) => new()
    {
        ["type"] = type,
        ["url"] = url,
        ["supportedProtocolVersions"] = new JsonArray([.. versions.Select(version => JsonValue.Create(version))]),
        ["headers"] = new JsonArray(new JsonObject
        {
            ["name"] = "Authorization",
            ["description"] = "The bearer token that the server's operator gave you.",
            ["isRequired"] = !canDoWithoutToken,
            ["isSecret"] = true,
            ["value"] = "Bearer {token}",
            ["variables"] = new JsonObject { ["token"] = new JsonObject { ["isRequired"] = true, ["isSecret"] = true } },
        }),
    };

    private static string HostOf(HostString host) => host.Host.Trim('[', ']').Replace(':', '-');

    /// <summary>A DNS name in reverse order, as in Java package names; an IP address unchanged.</summary>
    private static IEnumerable<string> NamespaceOf(string host) =>
        Uri.CheckHostName(host) == UriHostNameType.Dns ? host.Split('.').Reverse() : [host];

    private static FileContentHttpResult Document(HttpContext context, string type, JsonObject document)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(document);
        context.Response.Headers.AccessControlAllowOrigin = "*";
        context.Response.Headers.CacheControl = "public, max-age=3600";
        return TypedResults.Bytes(bytes, type, entityTag: new EntityTagHeaderValue($"\"{Convert.ToHexString(SHA256.HashData(bytes))[..32]}\""));
    }
}
