using McpImageGen.Jobs.Database;
using McpImageGen.Jobs.Lifecycle;
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
            var read = arguments.Read(tool.Name, call.Arguments);
            call.Arguments = read.Values;
            var answer = read.Refusal is { } refusal ? ToolAnswer.Refusal(refusal) : await AnswerAsync(tool, request, next, cancellationToken);
            ResourceLinks.In(answer, request.JsonRpcRequest, request.Server.NegotiatedProtocolVersion);
            return IgnoredArguments.NamedIn(answer, read.Ignored, arguments.Of(tool.Name));
        };

    private static async Task<CallToolResult> AnswerAsync(
        Tool tool,
        RequestContext<CallToolRequestParams> request,
        McpRequestHandler<CallToolRequestParams, CallToolResult> next,
        CancellationToken cancellationToken)
    {
        try
        {
            return await next(request, cancellationToken);
        }
        catch (ToolRefusedException refused)
        {
            return refused.Answer;
        }
        catch (TooManyJobsException exception)
        {
            return ToolAnswer.Error(new
            {
                Success = false,
                Error = $"You have {exception.Unfinished} unfinished jobs and the limit is {exception.Limit}, so nothing was started. "
                    + "Wait for some of them with wait_for_completion (list_jobs shows them), then call again.",
                ErrorCode = "too_many_jobs",
                exception.Unfinished,
                exception.Limit,
            });
        }
        catch (IdempotencyConflictException)
        {
            return ToolAnswer.Error(new
            {
                Success = false,
                Error = "This idempotency_key was used within the last 24 hours by a call with different arguments, so nothing was started. "
                    + "Use another key, or repeat that call with the same arguments.",
                ErrorCode = "idempotency_conflict",
                Argument = "idempotency_key",
            });
        }
        catch (Exception exception) when (request.Services!.GetRequiredService<JobsDatabase>().IsUnavailable(exception))
        {
            Log.DatabaseUnavailable(LoggerOf(request), tool.Name, exception.GetBaseException().Message);
            return ToolAnswer.Error(new
            {
                Success = false,
                Error = "The job database is not available. Accepted jobs are not lost. Try again in a few seconds. "
                    + "If this call was meant to start jobs, call list_jobs first to check whether they were started.",
                ErrorCode = "database_unavailable",
            });
        }
        catch (Exception exception) when (exception is not (OperationCanceledException or McpException))
        {
            Log.Unexpected(LoggerOf(request), tool.Name, exception);
            return ToolAnswer.Error(new
            {
                Success = false,
                Error = "An unexpected error occurred on the server. Try again in a few seconds. Accepted jobs are not lost; list_jobs shows them.",
                ErrorCode = "internal_error",
            });
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
