using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;

namespace McpImageGen.McpApi.Tools;

/// <summary>
/// Resource links to images are only returned to clients that request them in the <c>_meta</c> of their request and that use a version of MCP with
/// resource links. Other clients reject a result with a link, or turn it into a file that their model cannot read.
/// </summary>
internal static class ResourceLinks
{
    /// <summary>The <c>_meta</c> field that a client sets to true.</summary>
    public const string Meta = "mcp-image-generator/resource_links";

    private const string FirstRevision = "2025-06-18";

    /// <summary>Returns the result, without links unless the client requested them.</summary>
    /// <param name="answer">A result with links.</param>
    /// <param name="request">The request.</param>
    /// <param name="protocolVersion">The version of MCP that was negotiated or sent in a header; null if there was none.</param>
    public static CallToolResult In(CallToolResult answer, JsonRpcRequest request, string? protocolVersion)
    {
        if (string.CompareOrdinal(protocolVersion, FirstRevision) < 0 || !AreAskedFor(request))
            answer.Content = [.. answer.Content.Where(content => content is not ResourceLinkBlock)];
        return answer;
    }

    private static bool AreAskedFor(JsonRpcRequest request) =>
        request.Params?["_meta"] is JsonObject meta && meta[Meta] is JsonValue asked && asked.TryGetValue<bool>(out var links) && links;
}
