using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace McpImageGen.McpApi.Subscriptions;

/// <summary>What a client wants to be told about, as far as this server can tell it.</summary>
/// <param name="List">Whether the list of resources.</param>
/// <param name="Uris">Which resources.</param>
/// <param name="Tasks">Which tasks.</param>
internal sealed record Wishes(bool List, IReadOnlyList<string> Uris, IReadOnlyList<string> Tasks)
{
    private const int MostUris = 100;
    private const int MostTasks = 20;

    /// <summary>The lists of tools and prompts never change; more resources and tasks than this are left out of what is acknowledged.</summary>
    public static Wishes In(RequestContext<SubscriptionsListenRequestParams> request) => new(
        request.Params.Notifications.ResourcesListChanged is true,
        [.. (request.Params.Notifications.ResourceSubscriptions ?? []).Distinct().Take(MostUris)],
        [.. TasksIn(request.JsonRpcRequest.Params).Distinct().Take(MostTasks)]);

    private static IEnumerable<string> TasksIn(JsonNode? parameters) =>
        parameters is JsonObject fields && fields["notifications"] is JsonObject filter && filter["taskIds"] is JsonArray ids
            ? ids.OfType<JsonValue>().Select(id => id.TryGetValue<string>(out var text) ? text : null).OfType<string>()
            : [];
}
