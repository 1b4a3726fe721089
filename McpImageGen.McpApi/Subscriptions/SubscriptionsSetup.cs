using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace McpImageGen.McpApi.Subscriptions;

internal static class SubscriptionsSetup
{
    private const string ListChanged = "listChanged";

    /// <summary>Adds subscriptions to resources and tasks for clients of protocol 2026-07-28. Call this after adding the tasks.</summary>
    public static IMcpServerBuilder WithJobSubscriptions(this IMcpServerBuilder mcp)
    {
        mcp.Services.AddSingleton<JobSubscriptions>();
        mcp.Services.AddOptions<McpServerOptions>().Configure<JobSubscriptions>((server, subscriptions) =>
        {
            (server.Capabilities ??= new()).Resources = new ResourcesCapability { Subscribe = true, ListChanged = true };
            server.Handlers.SubscriptionsListenHandler = subscriptions.ListenAsync;
        });
        return mcp.WithMessageFilters(filters => filters.AddOutgoingFilter(OnlyWhatIsTold));
    }

    /// <summary>
    /// Corrects the capabilities that the SDK announces: the lists of tools and prompts never change, and clients of earlier protocols cannot
    /// subscribe, because the server keeps no stream for them that every API process could write to.
    /// </summary>
    private static McpMessageHandler OnlyWhatIsTold(McpMessageHandler next) =>
        (message, cancellationToken) =>
        {
            if (message.JsonRpcMessage is JsonRpcResponse { Result: JsonObject result } && result["capabilities"] is JsonObject capabilities)
            {
                Remove(capabilities, "tools", ListChanged);
                Remove(capabilities, "prompts", ListChanged);
                if (result.ContainsKey("protocolVersion"))
                    Remove(capabilities, "resources", ListChanged, "subscribe");
            }

            return next(message, cancellationToken);
        };

    private static void Remove(JsonObject capabilities, string kind, params ReadOnlySpan<string> flags)
    {
        foreach (var flag in flags)
            (capabilities[kind] as JsonObject)?.Remove(flag);
    }
}
