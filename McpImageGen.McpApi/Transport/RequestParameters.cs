using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace McpImageGen.McpApi.Transport;

/// <summary>Reports parameters that are invalid for the method as client errors: the MCP SDK would ignore them, or report a server error.</summary>
internal static class RequestParameters
{
    /// <summary>The newest version of MCP that starts with initialize.</summary>
    private const string NewestHandshake = "2025-11-25";

    public static McpMessageHandler Around(McpMessageHandler next) =>
        async (message, cancellationToken) =>
        {
            if (message.JsonRpcMessage is JsonRpcRequest sent)
                message.Services!.GetRequiredService<TelemetryNames>().RefuseOther(sent);
            if (message.JsonRpcMessage is JsonRpcRequest { Params: JsonObject parameters } request)
                Check(request.Method, parameters);
            try
            {
                await next(message, cancellationToken);
            }
            catch (JsonException) when (message.JsonRpcMessage is JsonRpcRequest invalid)
            {
                throw new McpProtocolException($"Invalid params: \"params\" is not valid for {invalid.Method}.", McpErrorCode.InvalidParams);
            }
        };

    private static void Check(string method, JsonObject parameters)
    {
        // A client that supports only newer protocols decides by the version in the response whether to continue.
        if (method == RequestMethods.Initialize && string.CompareOrdinal(TextOf(parameters["protocolVersion"]), NewestHandshake) > 0)
            parameters["protocolVersion"] = NewestHandshake;

        // All lists have only one page, so every cursor is invalid.
        if (method.EndsWith("/list", StringComparison.Ordinal) && TextOf(parameters["cursor"]) is { Length: > 0 } cursor)
        {
            var shown = cursor.Length > TelemetryNames.Longest ? "" : $" '{cursor}'";
            throw new McpProtocolException($"Invalid params: unknown cursor{shown} for {method}. Omit the cursor.", McpErrorCode.InvalidParams);
        }
    }

    private static string? TextOf(JsonNode? value) => value is JsonValue text && text.TryGetValue<string>(out var read) ? read : null;

    /// <summary>Whether the parameters of an initialize request are valid. The SDK reads them before any of its handlers runs.</summary>
    public static bool CanInitialize(JsonElement parameters)
    {
        try
        {
            return parameters.ValueKind == JsonValueKind.Object && parameters.Deserialize<InitializeRequestParams>(McpJsonUtilities.DefaultOptions) is not null;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
