using System.Text.Json.Nodes;

namespace McpImageGen.McpApi.Subscriptions;

/// <summary>One thing that a client wants to be told about, as it is now.</summary>
/// <param name="Method">The notification that tells of a change.</param>
/// <param name="Name">Which one, among those of that notification.</param>
/// <param name="Version">Differs from that of before when it has changed.</param>
/// <param name="Parameters">What the notification says.</param>
internal sealed record Watched(string Method, string Name, string Version, JsonObject Parameters)
{
    public (string Method, string Name) Key => (Method, Name);
}
