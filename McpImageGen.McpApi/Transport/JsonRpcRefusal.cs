using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace McpImageGen.McpApi.Transport;

/// <summary>Why a document is no JSON-RPC request.</summary>
/// <param name="Status">The HTTP status of the answer.</param>
/// <param name="Code">JSON-RPC's error code.</param>
/// <param name="Message">What is wrong and what is right.</param>
/// <param name="Id">The request's id, where it has one.</param>
internal sealed record JsonRpcRefusal(int Status, int Code, string Message, JsonElement? Id = null)
{
    /// <summary>What is wrong with the request, or null when nothing is.</summary>
    public static JsonRpcRefusal? Of(JsonElement request)
    {
        if (request.ValueKind == JsonValueKind.Array)
            return Invalid("batches are not supported; send one request at a time.", null);
        if (request.ValueKind != JsonValueKind.Object)
            return Invalid("it must be a JSON object.", null);

        JsonElement? id = request.TryGetProperty("id", out var sent) && sent.ValueKind is JsonValueKind.String or JsonValueKind.Number
            ? sent.Clone()
            : null;
        if (!request.TryGetProperty("jsonrpc", out var version) || version.ValueKind != JsonValueKind.String || version.GetString() != "2.0")
            return Invalid("\"jsonrpc\" must be \"2.0\".", id);
        if (request.TryGetProperty("id", out _) && id is null)
            return Invalid("\"id\" must be a string or a number.", null);

        // A client never sends results or errors here: this server asks its clients nothing.
        if (!request.TryGetProperty("method", out var method) || method.ValueKind != JsonValueKind.String)
            return Invalid("\"method\" must be a string.", id);
        if (request.TryGetProperty("params", out var parameters) && parameters.ValueKind != JsonValueKind.Object)
            return Invalid("\"params\" must be an object.", id);

        return method.GetString() == "tools/call" && !NamesTool(request)
            ? new(StatusCodes.Status200OK, JsonRpcError.InvalidParameters, "Invalid params: \"params.name\" must be the tool's name.", id)
            : null;
    }

    private static bool NamesTool(JsonElement request) =>
        request.TryGetProperty("params", out var parameters)
        && parameters.TryGetProperty("name", out var name)
        && name.ValueKind == JsonValueKind.String
        && name.GetString() is { Length: > 0 };

    private static JsonRpcRefusal Invalid(string reason, JsonElement? id) =>
        new(StatusCodes.Status400BadRequest, JsonRpcError.InvalidRequest, "Invalid Request: " + reason, id);
}
