using System.Text.Json;
using System.Text.Json.Nodes;
using McpImageGen.Contracts;
using McpImageGen.Jobs;
using McpImageGen.Jobs.Lifecycle;
using McpImageGen.McpApi.Auth;
using McpImageGen.McpApi.Tools;
using Microsoft.Extensions.Options;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

#pragma warning disable MCPEXP002 // How the SDK lets extensions in; docs/adr/0010

namespace McpImageGen.McpApi.Tasks;

/// <summary>
/// The extension <c>io.modelcontextprotocol/tasks</c>: who knows it gets a task from generate_image_and_wait at once, and asks for it later.
/// A task is nothing but its jobs. Its id is theirs, so every replica can answer for it from their rows.
/// </summary>
internal sealed class JobTasks(
    JobQueries queries, JobCancellation cancellation, WaitTools waits, Caller caller, IOptions<JobsOptions> options)
{
    private const string Extension = "io.modelcontextprotocol/tasks";
    private const string FirstRevision = "2026-07-28";
    private const string TaskId = "taskId";
    private const int MostJobs = 20;

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(1);

    /// <summary>Stands for ever, which not every client can read.</summary>
    private static readonly TimeSpan LongTime = TimeSpan.FromDays(365);

    /// <summary>The arguments of generate_image_and_wait that generate_image does not take: a task's client waits in its own way.</summary>
    private static readonly string[] AboutWaiting = ["timeout_seconds", "inline"];

    /// <summary>Lets the server speak the extension.</summary>
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
        if (request.Params.Name != "generate_image_and_wait" || !IsRevisionWithTasks(request.JsonRpcRequest) || !KnowsTasks(request.JsonRpcRequest))
            return await next(request, cancellationToken);

        request.Params.Name = "generate_image";
        request.Params.Arguments = request.Params.Arguments?.ExceptBy(AboutWaiting, argument => argument.Key).ToDictionary();
        var started = await next(request, cancellationToken);
        if (started.Result is not { IsError: not true } answer)
            return started;
        var jobs = await FindAsync(IdsIn(answer), cancellationToken);
        return ResultOrAlternate<CallToolResult>.FromAlternate(StateOf(jobs, "working", resultType: "task"), TaskStateJson.Default.TaskState);
    }

    private async ValueTask<JsonNode?> GetAsync(JsonRpcRequest request, CancellationToken cancellationToken)
    {
        var jobs = await FindAsync(IdsIn(request), cancellationToken);
        return JsonSerializer.SerializeToNode(await StateOfAsync(jobs, cancellationToken), TaskStateJson.Default.TaskState);
    }

    /// <summary>An answer to what a task asked its client: no task here ever asks.</summary>
    private async ValueTask<JsonNode?> UpdateAsync(JsonRpcRequest request, CancellationToken cancellationToken)
    {
        await FindAsync(IdsIn(request), cancellationToken);
        return Done;
    }

    private async ValueTask<JsonNode?> CancelAsync(JsonRpcRequest request, CancellationToken cancellationToken)
    {
        var jobs = await FindAsync(IdsIn(request), cancellationToken);
        await cancellation.CancelAsync(caller.Owner, [.. jobs.Select(job => job.Id)], cancellationToken);
        return Done;
    }

    private static JsonObject Done => new() { ["resultType"] = "complete" };

    private async Task<TaskState> StateOfAsync(IReadOnlyList<GenerationJob> jobs, CancellationToken cancellationToken)
    {
        if (jobs.Any(job => !JobStatus.IsFinal(job.Status)))
            return StateOf(jobs, "working");
        if (jobs.All(job => job.Status == JobStatus.Cancelled))
            return StateOf(jobs, "cancelled");
        var wishes = new WaitWishes(TimeoutSeconds: null, Inline: false, new Progress<ProgressNotificationValue>());
        var result = await waits.WaitAsync([.. jobs.Select(job => job.Id)], isSingle: jobs.Count == 1, wishes, cancellationToken);
        return StateOf(jobs, "completed", result: JsonSerializer.SerializeToNode(result, McpJsonUtilities.DefaultOptions));
    }

    private TaskState StateOf(IReadOnlyList<GenerationJob> jobs, string status, string resultType = "complete", JsonNode? result = null) => new()
    {
        ResultType = resultType,
        TaskId = string.Join(',', jobs.Select(job => job.Id)),
        Status = status,
        StatusMessage = $"{jobs.Count(job => JobStatus.IsFinal(job.Status))} of {jobs.Count} finished",
        CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(jobs.Min(job => job.CreatedAt)),
        LastUpdatedAt = DateTimeOffset.FromUnixTimeMilliseconds(jobs.Max(job => job.UpdatedAt)),
        TtlMs = (long)(options.Value.KeepFor ?? LongTime).TotalMilliseconds,
        PollIntervalMs = (long)BetweenLooks.TotalMilliseconds,
        Result = result,
    };

    private async Task<IReadOnlyList<GenerationJob>> FindAsync(List<Guid> ids, CancellationToken cancellationToken)
    {
        if (ids.Count is > 0 and <= MostJobs)
        {
            var found = (await queries.FindAsync(caller.Owner, ids, cancellationToken)).ToDictionary(job => job.Id);
            if (ids.All(found.ContainsKey))
                return [.. ids.Select(id => found[id])];
        }

        throw new McpProtocolException("Unknown task.", McpErrorCode.InvalidParams);
    }

    /// <summary>The jobs that the answer of generate_image names.</summary>
    private static List<Guid> IdsIn(CallToolResult started)
    {
        var answer = JsonElement.Parse(started.Content.OfType<TextContentBlock>().First().Text);
        return answer.TryGetProperty("job_ids", out var ids)
            ? [.. ids.EnumerateArray().Select(id => id.GetGuid())]
            : [answer.GetProperty("job_id").GetGuid()];
    }

    /// <summary>The jobs of the task that a request is about; none when it names no task.</summary>
    private static List<Guid> IdsIn(JsonRpcRequest request)
    {
        if (!IsRevisionWithTasks(request))
            throw new McpProtocolException($"{request.Method} needs protocol version {FirstRevision} or later.", McpErrorCode.MethodNotFound);
        if (!KnowsTasks(request))
        {
            throw new MissingRequiredClientCapabilityException(
                new ClientCapabilities { Extensions = new Dictionary<string, object> { [Extension] = new JsonObject() } });
        }

        var ids = new List<Guid>();
        foreach (var part in request.Params?[TaskId] is JsonValue value && value.TryGetValue<string>(out var task) ? task.Split(',') : [])
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
