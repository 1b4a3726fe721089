using Microsoft.Net.Http.Headers;

namespace McpImageGen.McpApi.Transport;

/// <summary>
/// Changes the headers of JSON-only clients to those that the MCP server accepts. Clients can send any or no <c>Accept</c>, any content type,
/// and session ids of another server or from before a restart. Runs before routing, which checks the content type.
/// </summary>
internal sealed class RequestHeaders(RequestDelegate next)
{
    public const string ProtocolVersion = "MCP-Protocol-Version";

    private const string SessionId = "Mcp-Session-Id";
    private const string EventStream = "text/event-stream";

    /// <summary>True if the client accepts event streams or opens one; otherwise it gets one JSON document.</summary>
    public static bool ReadsEventStreams(HttpContext context) => context.Items.ContainsKey(typeof(RequestHeaders));

    public Task InvokeAsync(HttpContext context)
    {
        var headers = context.Request.Headers;
        if (HttpMethods.IsGet(context.Request.Method) || headers.Accept.ToString().Contains(EventStream, StringComparison.OrdinalIgnoreCase))
            context.Items[typeof(RequestHeaders)] = true;
        headers[HeaderNames.Accept] = $"application/json, {EventStream}";
        headers[HeaderNames.ContentType] = "application/json";
        headers.Remove(SessionId);
        return next(context);
    }
}
