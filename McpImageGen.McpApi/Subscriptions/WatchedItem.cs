using System.Text.Json.Nodes;

namespace McpImageGen.McpApi.Subscriptions;

/// <summary>The current state of one item that a client subscribed to.</summary>
/// <param name="Method">The notification that is sent when it changes.</param>
/// <param name="Name">The item's name among those with the same notification.</param>
/// <param name="Version">Changes whenever the item changes.</param>
/// <param name="Parameters">The parameters of the notification.</param>
internal sealed record WatchedItem(string Method, string Name, string Version, JsonObject Parameters)
{
    public (string Method, string Name) Key => (Method, Name);
}
