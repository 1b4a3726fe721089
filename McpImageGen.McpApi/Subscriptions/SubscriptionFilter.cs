using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace McpImageGen.McpApi.Subscriptions;

/// <summary>What a client subscribes to, as far as the server supports it.</summary>
/// <param name="List">Whether it includes changes of the resource list.</param>
/// <param name="Uris">The URIs of resources.</param>
/// <param name="Tasks">The ids of tasks.</param>
internal sealed record SubscriptionFilter(bool List, IReadOnlyList<string> Uris, IReadOnlyList<string> Tasks)
{
    private const int MaxUris = 100;
    private const int MaxTasks = 20;

    /// <summary>Reads the subscription. The lists of tools and prompts never change and are ignored; resources and tasks above the maximum are not acknowledged.</summary>
    public static SubscriptionFilter In(RequestContext<SubscriptionsListenRequestParams> request) => new(
        request.Params.Notifications.ResourcesListChanged is true,
        [.. (request.Params.Notifications.ResourceSubscriptions ?? []).Distinct().Take(MaxUris)],
        [.. TasksIn(request.JsonRpcRequest.Params).Distinct().Take(MaxTasks)]);

    private static IEnumerable<string> TasksIn(JsonNode? parameters) =>
        parameters is JsonObject fields && fields["notifications"] is JsonObject filter && filter["taskIds"] is JsonArray ids
            ? ids.OfType<JsonValue>().Select(id => id.TryGetValue<string>(out var text) ? text : null).OfType<string>()
            : [];
}

/// <summary>The current state of one item that a client subscribed to.</summary>
/// <param name="Method">The notification that is sent when it changes.</param>
/// <param name="Name">The item's name among those with the same notification.</param>
/// <param name="Version">Changes whenever the item changes.</param>
/// <param name="Parameters">The parameters of the notification.</param>
internal sealed record WatchedItem(string Method, string Name, string Version, JsonObject Parameters)
{
    public (string Method, string Name) Key => (Method, Name);
}
