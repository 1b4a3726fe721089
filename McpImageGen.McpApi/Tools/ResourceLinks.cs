using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;

namespace McpImageGen.McpApi.Tools;

/// <summary>
/// Resource links to images are only in the answers of clients that ask for them in the <c>_meta</c> of their request, from the first version of MCP on
/// that has such links: other clients refuse an answer with a link, or make a file of it that their model cannot read.
/// </summary>
internal static class ResourceLinks
{
    /// <summary>What a client sets to true.</summary>
    public const string Meta = "mcp-image-generator/resource_links";

    private const string FirstRevision = "2025-06-18";

    /// <summary>The answer, without links unless the client asked for them.</summary>
    /// <param name="answer">An answer with links.</param>
    /// <param name="request">What is answered.</param>
    /// <param name="protocolVersion">The version of MCP that was negotiated or named; null where none was.</param>
    public static CallToolResult In(CallToolResult answer, JsonRpcRequest request, string? protocolVersion)
    {
        if (string.CompareOrdinal(protocolVersion, FirstRevision) < 0 || !AreAskedFor(request))
            answer.Content = [.. answer.Content.Where(content => content is not ResourceLinkBlock)];
        return answer;
    }

    private static bool AreAskedFor(JsonRpcRequest request) =>
        request.Params?["_meta"] is JsonObject meta && meta[Meta] is JsonValue asked && asked.TryGetValue<bool>(out var links) && links;
}
