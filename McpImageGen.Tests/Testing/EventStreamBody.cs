using System.Text.Json;

namespace McpImageGen.Tests.Testing;

/// <summary>The body of a response with the content type <c>text/event-stream</c>.</summary>
public static class EventStreamBody
{
    private const string Data = "data: ";

    /// <summary>The messages of its events, in their order; comments are left out.</summary>
    public static JsonElement[] Messages(string body) =>
    [
        .. body.Split('\n').Where(line => line.StartsWith(Data, StringComparison.Ordinal)).Select(line => JsonElement.Parse(line[Data.Length..])),
    ];
}
