using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace McpImageGen.McpApi.Transport;

/// <summary>Parameters that are JSON, but not what the method takes, are the client's mistake: the MCP SDK would call them the server's.</summary>
internal static class RequestParameters
{
    public static McpMessageHandler Around(McpMessageHandler next) =>
        async (message, cancellationToken) =>
        {
            try
            {
                await next(message, cancellationToken);
            }
            catch (JsonException) when (message.JsonRpcMessage is JsonRpcRequest request)
            {
                throw new McpProtocolException($"Invalid params: \"params\" are not what {request.Method} takes.", McpErrorCode.InvalidParams);
            }
        };

    /// <summary>Whether an initialize request has what it needs. The SDK reads it before any handler of its own runs.</summary>
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
