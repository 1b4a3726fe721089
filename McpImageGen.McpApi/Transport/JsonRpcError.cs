using System.Text.Json;
using System.Text.Json.Nodes;

namespace McpImageGen.McpApi.Transport;

/// <summary>Answers that a request gets before it reaches the MCP server, in JSON-RPC's form.</summary>
internal static class JsonRpcError
{
    public const int ParseError = -32700;
    public const int InvalidRequest = -32600;
    public const int InvalidParameters = -32602;
    public const int Unauthorized = -32001;

    public static async Task WriteAsync(HttpResponse response, int status, int code, string message, JsonElement? id = null)
    {
        var error = new JsonObject
        {
            ["jsonrpc"] = "2.0",
            ["id"] = id is { } known ? JsonNode.Parse(known.GetRawText()) : null,
            ["error"] = new JsonObject { ["code"] = code, ["message"] = message },
        };
        response.StatusCode = status;
        response.ContentType = "application/json";
        await response.WriteAsync(error.ToJsonString());
    }
}
