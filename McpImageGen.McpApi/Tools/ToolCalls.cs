using McpImageGen.Contracts;
using McpImageGen.Jobs.Database;
using McpImageGen.McpApi.Application;
using McpImageGen.McpApi.Arguments;
using McpImageGen.McpApi.Results;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace McpImageGen.McpApi.Tools;

/// <summary>The filter around every tool call: it reads the arguments before the call and turns exceptions into results in the tools' format.</summary>
internal static partial class ToolCalls
{
    public static McpRequestHandler<CallToolRequestParams, CallToolResult> Around(
        McpRequestHandler<CallToolRequestParams, CallToolResult> next) =>
        async (request, cancellationToken) =>
        {
            if (request.MatchedPrimitive is not McpServerTool { ProtocolTool: var tool } || request.Params is not { } call)
                return await next(request, cancellationToken);

            var arguments = request.Services!.GetRequiredService<ToolArguments>();
            var parsed = arguments.Read(tool.Name, call.Arguments);
            call.Arguments = parsed.Values;
            IgnoredArguments.Record(request, parsed.Ignored, arguments.Of(tool.Name));
            return parsed.Error is { } error ? request.Result(ErrorResult.Of(error)) : await CallAsync(tool, request, next, cancellationToken);
        };

    private static async Task<CallToolResult> CallAsync(
        Tool tool,
        RequestContext<CallToolRequestParams> request,
        McpRequestHandler<CallToolRequestParams, CallToolResult> next,
        CancellationToken cancellationToken)
    {
        try
        {
            return await next(request, cancellationToken);
        }
        catch (Exception exception) when (RequestError.Find(exception, request.Services!.GetRequiredService<JobsDatabase>()) is { } error)
        {
            if (error.Code == ErrorCode.DatabaseUnavailable)
                Log.DatabaseUnavailable(LoggerOf(request), tool.Name, exception.GetBaseException().Message);
            return request.Result(ErrorResult.Of(error));
        }
        catch (Exception exception) when (exception is not (OperationCanceledException or McpException))
        {
            Log.Unexpected(LoggerOf(request), tool.Name, exception);
            return request.Result(ErrorResult.Of(new RequestError(
                ErrorCode.InternalError,
                "An unexpected error occurred on the server. Try again in a few seconds. Accepted jobs are not lost; list_jobs shows them.")));
        }
    }

    private static ILogger LoggerOf(RequestContext<CallToolRequestParams> request) =>
        request.Services!.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(ToolCalls).FullName!);

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Tool {Tool} could not reach the database: {Reason}")]
        public static partial void DatabaseUnavailable(ILogger logger, string tool, string reason);

        [LoggerMessage(LogLevel.Error, "Tool {Tool} failed with an unexpected error")]
        public static partial void Unexpected(ILogger logger, string tool, Exception exception);
    }
}
