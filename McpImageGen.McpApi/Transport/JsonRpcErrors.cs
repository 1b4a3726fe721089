using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace McpImageGen.McpApi.Transport;

/// <summary>Writes JSON-RPC errors for requests that do not reach the MCP server.</summary>
internal static class JsonRpcErrors
{
    public const int ParseError = -32700;
    public const int InvalidRequest = -32600;
    public const int InvalidParameters = -32602;
    public const int Unauthorized = -32001;
    public const int Forbidden = -32003;
    public const int Unavailable = -32004;
    public const int TooMany = -32029;

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

    /// <summary>Writes a rate limit error with the time to wait, in whole seconds.</summary>
    public static Task WriteTooManyAsync(HttpResponse response, TimeSpan wait, string reason, JsonElement? id = null)
    {
        var seconds = Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds));
        response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        return WriteAsync(response, StatusCodes.Status429TooManyRequests, TooMany, $"{reason} Try again in {seconds} s.", id);
    }
}
