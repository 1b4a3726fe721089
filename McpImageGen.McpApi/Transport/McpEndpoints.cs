namespace McpImageGen.McpApi.Transport;

/// <summary>The paths of the MCP endpoints.</summary>
internal static class McpEndpoints
{
    public const string Path = "/mcp";

    /// <summary>The stream of the HTTP+SSE transport.</summary>
    public const string SsePath = "/sse";

    /// <summary>Messages posted to a stream; below the path of the stream.</summary>
    public const string SseMessagePath = "/message";

    /// <summary>Whether the request is an MCP call. Paths are compared as routing does: trailing slashes and case are ignored.</summary>
    public static bool IsCall(HttpContext context) =>
        (context.Request.Method, context.Request.Path.Value!.TrimEnd('/').ToLowerInvariant())
            is ("POST", Path or SsePath or SsePath + SseMessagePath) or ("GET", SsePath);

    /// <summary>Whether the request posts a message to a stream.</summary>
    public static bool IsSseMessage(HttpRequest request) =>
        request.Path.Value!.TrimEnd('/').EndsWith(SseMessagePath, StringComparison.OrdinalIgnoreCase);
}
