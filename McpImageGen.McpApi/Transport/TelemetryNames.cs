using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

#pragma warning disable MCPEXP002 // The SDK's extension point; docs/adr/0010

namespace McpImageGen.McpApi.Transport;

/// <summary>
/// The names in a message: of its method, tool or prompt. The MCP SDK makes them attributes of its metrics and traces, and a metric keeps each value
/// forever. So a name that the server does not have is replaced with the value that OpenTelemetry's conventions have for it.
/// </summary>
internal sealed class TelemetryNames(IOptions<McpServerOptions> server)
{
    /// <summary>The replacement of an unknown name.</summary>
    public const string Other = "_OTHER";

    /// <summary>The maximum length of an id, a name or the URI of a resource in a message.</summary>
    public const int Longest = 200;

    /// <summary>The field of <c>_meta</c> that keeps the name for the answer.</summary>
    private const string SentName = "mcpimagegen/name";

    private const string MethodHeader = "Mcp-Method";
    private const string NameHeader = "Mcp-Name";

    private static readonly string[] SdkMethods =
    [
        RequestMethods.Initialize, RequestMethods.Ping, "server/discover",
        RequestMethods.ToolsList, RequestMethods.ToolsCall, RequestMethods.PromptsList, RequestMethods.PromptsGet,
        RequestMethods.ResourcesList, RequestMethods.ResourcesTemplatesList, RequestMethods.ResourcesRead,
        RequestMethods.ResourcesSubscribe, RequestMethods.ResourcesUnsubscribe, RequestMethods.CompletionComplete, "logging/setLevel",
        "subscriptions/listen",
        NotificationMethods.InitializedNotification, NotificationMethods.CancelledNotification, NotificationMethods.ProgressNotification,
        "notifications/roots/list_changed",
    ];

    private readonly Lazy<HashSet<string>> _methods = new(() =>
        [.. SdkMethods, .. (server.Value.RequestHandlers ?? []).Select(handler => handler.Method)]);

    /// <summary>The names of all tools, for the answer to a call of an unknown one.</summary>
    private string Tools => string.Join(", ", (server.Value.ToolCollection ?? []).Select(tool => tool.ProtocolTool.Name));

    /// <summary>The names of all prompts.</summary>
    private string Prompts => string.Join(", ", (server.Value.PromptCollection ?? []).Select(prompt => prompt.ProtocolPrompt.Name));

    /// <summary>The message as the MCP SDK gets it; null if it needs no change.</summary>
    /// <param name="message">A valid message.</param>
    /// <param name="headers">The headers of its request. They repeat the names from protocol 2026-07-28 on, and are changed alike.</param>
    public byte[]? Rewrite(JsonElement message, IHeaderDictionary headers)
    {
        var method = message.GetProperty("method").GetString()!;
        var isMethodKnown = _methods.Value.Contains(method);
        var name = isMethodKnown ? UnknownName(method, message) : null;
        if (isMethodKnown && name is null)
            return WholeNumbers.Rewrite(message);

        var rewritten = JsonNode.Parse(WholeNumbers.Rewrite(message) ?? JsonSerializer.SerializeToUtf8Bytes(message))!;
        if (name is not null)
        {
            var parameters = rewritten["params"]!.AsObject();
            parameters["name"] = Other;
            if (parameters["_meta"] is not JsonObject meta)
                parameters["_meta"] = meta = [];
            meta[SentName] = name;
            Replace(headers, NameHeader, name);
        }
        else
        {
            rewritten["method"] = Other;
            Replace(headers, MethodHeader, method);
        }

        return JsonSerializer.SerializeToUtf8Bytes(rewritten);
    }

    /// <summary>What to answer if the name of a method, tool or prompt was replaced.</summary>
    public void RefuseOther(JsonRpcRequest request)
    {
        if (request.Method == Other)
            throw new McpProtocolException("Method not found: this server does not support it.", McpErrorCode.MethodNotFound);
        if ((request.Params as JsonObject)?["name"] is not JsonValue value || !value.TryGetValue<string>(out var name) || name != Other)
            return;
        var sent = (request.Params as JsonObject)?["_meta"]?[SentName]?.ToString();
        if (request.Method == RequestMethods.ToolsCall)
            throw new McpProtocolException($"Unknown tool '{sent}'. The tools are: {Tools}.", McpErrorCode.InvalidParams);
        if (request.Method == RequestMethods.PromptsGet)
            throw new McpProtocolException($"Unknown prompt '{sent}'. The prompts are: {Prompts}.", McpErrorCode.InvalidParams);
    }

    /// <summary>The name of a tool or prompt that does not exist; null if the message names none or one that exists.</summary>
    private string? UnknownName(string method, JsonElement message)
    {
        if (method is not (RequestMethods.ToolsCall or RequestMethods.PromptsGet)
            || !message.TryGetProperty("params", out var parameters) || parameters.ValueKind != JsonValueKind.Object
            || !parameters.TryGetProperty("name", out var sent) || sent.ValueKind != JsonValueKind.String)
        {
            return null;
        }

        var name = sent.GetString()!;
        var isKnown = method == RequestMethods.ToolsCall
            ? server.Value.ToolCollection?.TryGetPrimitive(name, out _) is true
            : server.Value.PromptCollection?.TryGetPrimitive(name, out _) is true;
        return isKnown ? null : name;
    }

    private static void Replace(IHeaderDictionary headers, string header, string sent)
    {
        if (headers[header] == sent)
            headers[header] = Other;
    }
}
