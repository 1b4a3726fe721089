using System.Text.Json.Serialization.Metadata;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

#pragma warning disable MCPEXP002 // The only way to write a result with custom serialization

namespace McpImageGen.McpApi.Results;

/// <summary>
/// Writes results whose content has annotations. SDK 2.4.0 cannot write them: its converter for annotations does not work with the JSON options that
/// the SDK uses for results. It works with the SDK's public options.
/// </summary>
internal static class AnnotatedResults
{
    private const string FirstWithResultType = "2026-07-28";

    /// <summary>Enables such results on the server.</summary>
    public static void AddTo(McpServerOptions server) => server.Filters.Request.CallToolWithAlternateFilters.Add(CallToolAsync);

    private static async ValueTask<ResultOrAlternate<CallToolResult>> CallToolAsync(
        RequestContext<CallToolRequestParams> request,
        McpRequestHandler<CallToolRequestParams, ResultOrAlternate<CallToolResult>> next,
        CancellationToken cancellationToken)
    {
        var answered = await next(request, cancellationToken);
        if (answered.Result is not { } answer || answer.Content.All(content => content.Annotations is null))
            return answered;
        if (string.CompareOrdinal(request.Server.NegotiatedProtocolVersion, FirstWithResultType) >= 0)
            answer.ResultType = "complete";
        return ResultOrAlternate<CallToolResult>.FromAlternate(
            answer, (JsonTypeInfo<CallToolResult>)McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(CallToolResult)));
    }
}
