using System.Text;
using System.Text.Json;

namespace McpImageGen.Standalone.Stdio;

/// <summary>A line from the client, parsed as far as the relay needs it.</summary>
/// <param name="Line">The line itself.</param>
/// <param name="Id">The request's id as JSON; null for a notification or if the line is not JSON-RPC.</param>
/// <param name="Method">The method; null if the line is not JSON-RPC.</param>
/// <param name="Name">The target of the method: a tool, prompt, resource or task.</param>
/// <param name="ProtocolVersion">The protocol version of this message, if the message contains it.</param>
/// <param name="Cancels">The id, as JSON, of the request that this message cancels.</param>
internal sealed record ClientMessage(string Line, string? Id, string? Method, string? Name, string? ProtocolVersion, string? Cancels)
{
    private static readonly string[] Names = ["name", "uri", "taskId"];

    public bool IsNotification => Method is not null && Id is null;

    public static ClientMessage Read(string line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            var message = document.RootElement;
            var parameters = Of(message, "params");
            var method = Text(Of(message, "method"));
            return new ClientMessage(
                line,
                Of(message, "id")?.GetRawText(),
                method,
                Names.Select(name => Text(Of(parameters, name))).FirstOrDefault(name => name is not null),
                Text(Of(Of(parameters, "_meta"), "io.modelcontextprotocol/protocolVersion")),
                method == "notifications/cancelled" ? Of(parameters, "requestId")?.GetRawText() : null);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // The server reports the error.
            return new ClientMessage(line, null, null, null, null, null);
        }
    }

    /// <summary>The headers that duplicate fields of the message, required since protocol 2026-07-28.</summary>
    /// <param name="negotiated">The protocol version for messages that do not contain one.</param>
    public IEnumerable<(string Name, string Value)> Headers(string? negotiated)
    {
        if ((ProtocolVersion ?? (Method == "initialize" ? null : negotiated)) is { } version)
            yield return ("MCP-Protocol-Version", Encoded(version));
        if (Method is not null)
            yield return ("Mcp-Method", Encoded(Method));
        if (Name is not null)
            yield return ("Mcp-Name", Encoded(Name));
    }

    private static string Encoded(string value) => value.Length > 0 && value.Trim() == value && value.All(character => character is >= ' ' and <= '~')
        ? value
        : $"=?base64?{Convert.ToBase64String(Encoding.UTF8.GetBytes(value))}?=";

    private static JsonElement? Of(JsonElement? parent, string name) =>
        parent is { ValueKind: JsonValueKind.Object } known && known.TryGetProperty(name, out var value) ? value : null;

    private static string? Text(JsonElement? value) => value is { ValueKind: JsonValueKind.String } known ? known.GetString() : null;
}
