using System.Text.Json.Serialization.Metadata;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

#pragma warning disable MCPEXP002 // The only way to write an answer oneself

namespace McpImageGen.McpApi.Tools;

/// <summary>
/// Writes answers whose content has annotations. SDK 2.4.0 cannot: its converter of annotations does not work with the JSON options that it writes
/// answers with. It works with the SDK's public options.
/// </summary>
internal static class AnnotatedAnswers
{
    private const string FirstWithResultType = "2026-07-28";

    /// <summary>Lets the server write such answers.</summary>
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
