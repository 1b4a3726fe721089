using System.Text.Json;
using System.Text.Json.Nodes;
using McpImageGen.Contracts;
using McpImageGen.Jobs;
using McpImageGen.McpApi.Application;
using McpImageGen.McpApi.Arguments;
using McpImageGen.McpApi.Auth;
using McpImageGen.McpApi.Results;
using Microsoft.Extensions.Options;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

#pragma warning disable MCPEXP002 // The SDK's extension point; docs/adr/0010

namespace McpImageGen.McpApi.Tasks;

/// <summary>
/// The extension <c>io.modelcontextprotocol/tasks</c>: a client that supports it immediately gets a task from a waiting tool and requests
/// the result later. A task consists only of its jobs. Its id contains the job ids, so every API replica can answer from the jobs' rows.
/// </summary>
internal sealed class JobTasks(JobService jobs, WaitResults results, Caller caller, IOptions<JobsOptions> options)
{
    private const string Extension = "io.modelcontextprotocol/tasks";
    private const string FirstRevision = "2026-07-28";
    private const string TaskId = "taskId";
    private const int MaxJobs = 20;

    /// <summary>The suffix of the id of a task with one job whose result is a list.</summary>
    private const string EndOfListOfOne = ",";

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(1);

    /// <summary>The time to live that is reported if jobs are never deleted, because not every client accepts an unlimited one.</summary>
    private static readonly TimeSpan LongTime = TimeSpan.FromDays(365);

    /// <summary>The waiting tools, which return tasks.</summary>
    private static readonly string[] Tools = ["generate_image_and_wait", "edit_image_and_wait", "wait_for_completion"];

    /// <summary>Adds the extension to the server.</summary>
    public void AddTo(McpServerOptions server)
    {
        ((server.Capabilities ??= new()).Extensions ??= new Dictionary<string, object>())[Extension] = new JsonObject();
        server.Filters.Request.CallToolWithAlternateFilters.Add(CallToolAsync);
        server.RequestHandlers ??= [];
        server.RequestHandlers.Add(Handler("tasks/get", GetAsync));
        server.RequestHandlers.Add(Handler("tasks/update", UpdateAsync));
        server.RequestHandlers.Add(Handler("tasks/cancel", CancelAsync));
    }

    private static McpServerRequestHandler Handler(string method, Func<JsonRpcRequest, CancellationToken, ValueTask<JsonNode?>> handle) =>
        new() { Method = method, RoutingNameParameter = TaskId, Handler = (request, cancellationToken) => handle(request.JsonRpcRequest, cancellationToken) };

    private async ValueTask<ResultOrAlternate<CallToolResult>> CallToolAsync(
        RequestContext<CallToolRequestParams> request,
        McpRequestHandler<CallToolRequestParams, ResultOrAlternate<CallToolResult>> next,
        CancellationToken cancellationToken)
    {
        if (!Tools.Contains(request.Params.Name) || !IsRevisionWithTasks(request.JsonRpcRequest) || !KnowsTasks(request.JsonRpcRequest))
            return await next(request, cancellationToken);

        var handover = TaskHandover.RequestIn(request);
        var result = await next(request, cancellationToken);
        if (handover.Jobs is not { } accepted)
            return result;
        var task = StateOf(accepted, handover.IsSingle, "working", resultType: "task", meta: MetaOf(IgnoredArguments.In(request)));
        return ResultOrAlternate<CallToolResult>.FromAlternate(task, TaskStateJson.Default.TaskState);
    }

    private async ValueTask<JsonNode?> GetAsync(JsonRpcRequest request, CancellationToken cancellationToken)
    {
        var found = await FindAsync(IdsIn(request, out var isSingle), cancellationToken);
        return JsonSerializer.SerializeToNode(StateOf(found, isSingle, request), TaskStateJson.Default.TaskState);
    }

    /// <summary>The response of a client to a request of a task. Tasks of this server never send requests.</summary>
    private async ValueTask<JsonNode?> UpdateAsync(JsonRpcRequest request, CancellationToken cancellationToken)
    {
        await FindAsync(IdsIn(request, out _), cancellationToken);
        return Done;
    }

    private async ValueTask<JsonNode?> CancelAsync(JsonRpcRequest request, CancellationToken cancellationToken)
    {
        var found = await FindAsync(IdsIn(request, out _), cancellationToken);
        await jobs.CancelAsync(caller.Owner, [.. found.Select(job => job.Id)], cancellationToken);
        return Done;
    }

    private static JsonObject Done => new() { ["resultType"] = "complete" };

    private TaskState StateOf(IReadOnlyList<GenerationJob> found, bool isSingle, JsonRpcRequest request)
    {
        if (found.Any(job => !JobStatus.IsFinal(job.Status)))
            return StateOf(found, isSingle, "working");
        if (found.All(job => job.Status == JobStatus.Cancelled))
            return StateOf(found, isSingle, "cancelled");
        var result = results.Of(new AwaitedJobs(found, TimeSpan.Zero, ServerIsStopping: false), isSingle);
        return StateOf(
            found, isSingle, "completed",
            result: JsonSerializer.SerializeToNode(ToolResultFormat.Format(result, found, request), McpJsonUtilities.DefaultOptions));
    }

    private TaskState StateOf(
        IReadOnlyList<GenerationJob> found, bool isSingle, string status, string resultType = "complete", JsonNode? result = null, JsonObject? meta = null) => new()
        {
            ResultType = resultType,
            Meta = meta,
            TaskId = string.Join(',', found.Select(job => job.Id)) + (found.Count == 1 && !isSingle ? EndOfListOfOne : ""),
            Status = status,
            StatusMessage = $"{found.Count(job => JobStatus.IsFinal(job.Status))} of {found.Count} finished",
            CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(found.Min(job => job.CreatedAt)),
            LastUpdatedAt = DateTimeOffset.FromUnixTimeMilliseconds(found.Max(job => job.UpdatedAt)),
            TtlMs = (long)(options.Value.KeepFor ?? LongTime).TotalMilliseconds,
            PollIntervalMs = (long)BetweenLooks.TotalMilliseconds,
            Result = result,
        };

    private async Task<IReadOnlyList<GenerationJob>> FindAsync(List<Guid> ids, CancellationToken cancellationToken)
    {
        try
        {
            if (ids.Count is > 0 and <= MaxJobs)
                return await jobs.GetAllAsync(caller.Owner, ids, cancellationToken);
        }
        catch (RequestFailedException)
        {
            // One of the jobs does not exist.
        }

        throw new McpProtocolException("Unknown task.", McpErrorCode.InvalidParams);
    }

    /// <summary>The ignored arguments, with the names that they have in results; null if there are none.</summary>
    private static JsonObject? MetaOf(IgnoredArguments? ignored)
    {
        if (ignored is null)
            return null;
        var meta = new JsonObject { [IgnoredArguments.Field] = new JsonArray([.. ignored.Names.Select(name => JsonValue.Create(name))]) };
        if (ignored.Hint is not null)
            meta[IgnoredArguments.HintField] = ignored.Hint;
        return meta;
    }

    /// <summary>The job ids of the task that a request refers to; none if the task id is missing or invalid.</summary>
    private static List<Guid> IdsIn(JsonRpcRequest request, out bool isSingle)
    {
        isSingle = false;
        if (!IsRevisionWithTasks(request))
            throw new McpProtocolException($"{request.Method} requires protocol version {FirstRevision} or later.", McpErrorCode.MethodNotFound);
        if (!KnowsTasks(request))
        {
            throw new MissingRequiredClientCapabilityException(
                new ClientCapabilities { Extensions = new Dictionary<string, object> { [Extension] = new JsonObject() } });
        }

        var ids = new List<Guid>();
        if (request.Params?[TaskId] is not JsonValue value || !value.TryGetValue<string>(out var task))
            return ids;
        isSingle = !task.Contains(',', StringComparison.Ordinal);
        foreach (var part in (task.EndsWith(EndOfListOfOne, StringComparison.Ordinal) ? task[..^1] : task).Split(','))
        {
            if (!Guid.TryParseExact(part, "D", out var id))
                return [];
            ids.Add(id);
        }

        return ids;
    }

    private static bool IsRevisionWithTasks(JsonRpcRequest request) =>
        string.CompareOrdinal(request.Context?.ProtocolVersion, FirstRevision) >= 0;

    private static bool KnowsTasks(JsonRpcRequest request) =>
        request.Context?.ClientCapabilities?.Extensions?.ContainsKey(Extension) is true;
}
