using System.Text.Json;
using System.Text.Json.Nodes;

namespace McpImageGen.Tests.Testing;

/// <summary>Requests as protocol 2026-07-28 has them: no session, everything in <c>_meta</c> and in headers.</summary>
public static class Revision2026
{
    private const string Version = "2026-07-28";

    /// <param name="client">Who sends it.</param>
    /// <param name="method">The method.</param>
    /// <param name="name">The tool, task or prompt that the request is about; null for none.</param>
    /// <param name="parameters">The method's own parameters.</param>
    /// <param name="extensions">The extensions that the client knows.</param>
    public static Task<JsonElement> RequestOf2026Async(this FetchClient client, string method, string? name, object parameters, params string[] extensions)
    {
        var node = JsonSerializer.SerializeToNode(parameters)!.AsObject();
        var known = new JsonObject(extensions.Select(extension => KeyValuePair.Create(extension, (JsonNode?)new JsonObject())));
        node["_meta"] = new JsonObject
        {
            ["io.modelcontextprotocol/protocolVersion"] = Version,
            ["io.modelcontextprotocol/clientInfo"] = new JsonObject { ["name"] = "test", ["version"] = "1" },
            ["io.modelcontextprotocol/clientCapabilities"] = extensions.Length > 0 ? new JsonObject { ["extensions"] = known } : new JsonObject(),
        };
        return client.RequestAsync(method, node, request =>
        {
            request.Headers.Add("MCP-Protocol-Version", Version);
            request.Headers.Add("Mcp-Method", method);
            if (name is not null)
                request.Headers.Add("Mcp-Name", name);
        });
    }
}
