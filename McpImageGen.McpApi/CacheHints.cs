using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace McpImageGen.McpApi;

/// <summary>
/// Tells clients of protocol 2026-07-28 or later how long they can cache what is the same for all owners: the lists of tools, prompts and
/// resource templates, and the server's description. The SDK marks results that belong to an owner as private and immediately stale.
/// </summary>
internal static class CacheHints
{
    private const string FirstRevision = "2026-07-28";

    private static readonly TimeSpan TimeToLive = TimeSpan.FromHours(1);

    public static IMcpServerBuilder WithCacheHints(this IMcpServerBuilder mcp) => mcp
        .WithRequestFilters(filters => filters
            .AddListToolsFilter(Public)
            .AddListPromptsFilter(Public)
            .AddListResourceTemplatesFilter(Public))
        .WithMessageFilters(filters => filters.AddOutgoingFilter(PublicDiscovery));

    private static McpRequestHandler<TParameters, TResult> Public<TParameters, TResult>(McpRequestHandler<TParameters, TResult> next)
        where TResult : ICacheableResult =>
        async (request, cancellationToken) =>
        {
            var result = await next(request, cancellationToken);

            // Clients of earlier revisions reject unknown fields.
            if (string.CompareOrdinal(request.Server.NegotiatedProtocolVersion, FirstRevision) >= 0)
                (result.TimeToLive, result.CacheScope) = (TimeToLive, CacheScope.Public);
            return result;
        };

    /// <summary>The SDK has no filter for server/discover. Only its result has this field.</summary>
    private static McpMessageHandler PublicDiscovery(McpMessageHandler next) =>
        (message, cancellationToken) =>
        {
            if (message.JsonRpcMessage is JsonRpcResponse { Result: JsonObject result } && result.ContainsKey("supportedVersions"))
                (result["ttlMs"], result["cacheScope"]) = ((long)TimeToLive.TotalMilliseconds, "public");
            return next(message, cancellationToken);
        };
}
