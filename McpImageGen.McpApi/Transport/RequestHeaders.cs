using Microsoft.Net.Http.Headers;

namespace McpImageGen.McpApi.Transport;

/// <summary>
/// Makes the headers of clients that only speak JSON such as the MCP server takes them: any or no <c>Accept</c>, any content type,
/// and session ids of another server or of one before a restart. Runs before routing, which looks at the content type.
/// </summary>
internal sealed class RequestHeaders(RequestDelegate next)
{
    public const string ProtocolVersion = "MCP-Protocol-Version";

    private const string SessionId = "Mcp-Session-Id";
    private const string EventStream = "text/event-stream";

    /// <summary>True when the client said that it reads event streams, or opens one; else it gets one JSON document.</summary>
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
