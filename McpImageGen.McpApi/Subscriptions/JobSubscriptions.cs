using System.Text.Json;
using System.Text.Json.Nodes;
using McpImageGen.Contracts;
using McpImageGen.Jobs;
using McpImageGen.Jobs.Database;
using McpImageGen.McpApi.Application;
using McpImageGen.McpApi.Auth;
using McpImageGen.McpApi.Results;
using McpImageGen.McpApi.Transport;
using McpImageGen.McpApi.Waiting;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

#pragma warning disable MCPEXP002 // The SDK's extension point; docs/adr/0010

namespace McpImageGen.McpApi.Subscriptions;

/// <summary>
/// <c>subscriptions/listen</c> of protocol 2026-07-28: a stream of notifications about changed resources, changes of the resource list, and tasks.
/// Signals only trigger a read of the jobs, so any API process can serve the stream, and a lost signal does not lose a change.
/// </summary>
internal sealed partial class JobSubscriptions(
    JobService jobs,
    JobCompletionWaiter waiter,
    JobsDatabase database,
    Caller caller,
    IHttpContextAccessor http,
    IHostApplicationLifetime lifetime,
    TimeProvider time,
    ILogger<JobSubscriptions> logger)
{
    private const string TaskChanged = "notifications/tasks";

    /// <summary>The same number as in resources/list.</summary>
    private const int MaxListed = 20;

    /// <summary>Jobs that finish within this time are reported together.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Sends notifications until the client disconnects or the server stops.</summary>
    /// <exception cref="McpProtocolException">The client does not accept event streams, does not support tasks that it subscribes to, or the database is unavailable.</exception>
    public async ValueTask<EmptyResult> ListenAsync(RequestContext<SubscriptionsListenRequestParams> request, CancellationToken cancellationToken)
    {
        if (http.HttpContext is { } call && !RequestHeaders.ReadsEventStreams(call))
        {
            throw new McpProtocolException(
                "subscriptions/listen answers with an event stream. Send the header 'Accept: application/json, text/event-stream'.", McpErrorCode.InvalidRequest);
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lifetime.ApplicationStopping);
        await using var changes = new ChangePoller(waiter, time);
        var owner = caller.Owner;
        var filter = SubscriptionFilter.In(request);
        var seen = await FirstReadAsync(owner, filter, request, stop.Token);
        await NotifyAsync(request, NotificationMethods.SubscriptionsAcknowledgedNotification, Acknowledged(seen.Values), cancellationToken);

        // Send the current state of each task, because it may have finished before the subscription.
        foreach (var task in seen.Values.Where(watched => watched.Method == TaskChanged))
            await NotifyAsync(request, task.Method, task.Parameters, cancellationToken);

        while (seen.Count > 0 && await changes.NextAsync(Pause, stop.Token))
        {
            if (await TryReadAsync(owner, filter, request, stop.Token) is not { } now)
                continue;
            foreach (var before in seen.Values.ToList())
            {
                var after = now.GetValueOrDefault(before.Key);
                if (after?.Version == before.Version)
                    continue;
                if (after is not null)
                    seen[before.Key] = after;
                else
                    seen.Remove(before.Key); // a deleted job
                if (after is not null || before.Method != TaskChanged)
                    await NotifyAsync(request, before.Method, (after ?? before).Parameters, cancellationToken);
            }
        }

        cancellationToken.ThrowIfCancellationRequested();
        return new EmptyResult { Meta = MetaOf(request) };
    }

    private async Task<Dictionary<(string, string), WatchedItem>> FirstReadAsync(
        string owner, SubscriptionFilter filter, RequestContext<SubscriptionsListenRequestParams> request, CancellationToken cancellationToken)
    {
        try
        {
            return await ReadAsync(owner, filter, request, cancellationToken);
        }
        catch (Exception exception) when (database.IsUnavailable(exception))
        {
            Log.NotRead(logger, exception.GetBaseException().Message);
            throw new McpProtocolException("The job database is not available. Try again in a few seconds.", McpErrorCode.InternalError);
        }
    }

    private async Task<Dictionary<(string, string), WatchedItem>?> TryReadAsync(
        string owner, SubscriptionFilter filter, RequestContext<SubscriptionsListenRequestParams> request, CancellationToken stop)
    {
        try
        {
            return await ReadAsync(owner, filter, request, stop);
        }
        catch (Exception exception) when (stop.IsCancellationRequested || database.IsUnavailable(exception))
        {
            Log.NotRead(logger, exception.GetBaseException().Message);
            return null;
        }
    }

    /// <summary>The current state of everything that the client subscribed to and that exists.</summary>
    private async Task<Dictionary<(string, string), WatchedItem>> ReadAsync(
        string owner, SubscriptionFilter filter, RequestContext<SubscriptionsListenRequestParams> request, CancellationToken cancellationToken)
    {
        var found = new List<WatchedItem>();
        if (filter.List)
        {
            var page = await jobs.ListAsync(owner, JobStatus.Completed, MaxListed, offset: 0, before: null, cancellationToken);
            var version = string.Join(' ', page.Jobs.Select(job => job.ImageKey));
            found.Add(new WatchedItem(NotificationMethods.ResourceListChangedNotification, "", version, []));
        }

        var ids = filter.Uris.ToDictionary(uri => uri, JobOf);
        var known = ids.Values.OfType<Guid>().ToHashSet() is { Count: > 0 } some
            ? (await jobs.FindAllAsync(owner, some, cancellationToken)).ToDictionary(job => job.Id)
            : [];
        foreach (var (uri, id) in ids)
        {
            if (id is { } jobId && known.TryGetValue(jobId, out var job))
                found.Add(new WatchedItem(NotificationMethods.ResourceUpdatedNotification, uri, VersionOf(uri, job), new() { ["uri"] = uri }));
        }

        foreach (var task in filter.Tasks)
        {
            if (await StateOfAsync(task, request, cancellationToken) is { } state)
                found.Add(new WatchedItem(TaskChanged, task, state.ToJsonString(), state));
        }

        return found.ToDictionary(watched => watched.Key);
    }

    private static Guid? JobOf(string uri) => JobUri.Find(JobUri.Image, uri) ?? JobUri.Find(JobUri.Job, uri);

    private static string VersionOf(string uri, GenerationJob job) =>
        JobUri.Find(JobUri.Image, uri) is null ? $"{job.Status} {job.UpdatedAt}" : job.ImageKey?.ToString() ?? "";

    /// <summary>The current state of a task as tasks/get returns it; null if there is no such task.</summary>
    private static async Task<JsonObject?> StateOfAsync(
        string task, RequestContext<SubscriptionsListenRequestParams> request, CancellationToken cancellationToken)
    {
        var get = request.Server.ServerOptions.RequestHandlers!.Single(handler => handler.Method == "tasks/get");
        var asked = new JsonRpcRequest
        {
            Id = request.JsonRpcRequest.Id,
            Method = get.Method,
            Params = new JsonObject { [get.RoutingNameParameter!] = task },
            Context = request.JsonRpcRequest.Context,
        };
        try
        {
            var state = (JsonObject?)await get.Handler(new RequestContext<JsonNode?>(request.Server, asked, asked.Params) { Services = request.Services }, cancellationToken);
            state?.Remove("resultType");
            return state;
        }
        catch (McpProtocolException exception) when (exception.ErrorCode == McpErrorCode.InvalidParams)
        {
            return null;
        }
    }

    private static JsonObject Acknowledged(IEnumerable<WatchedItem> granted)
    {
        var notifications = new JsonObject();
        foreach (var kind in granted.GroupBy(watched => watched.Method))
        {
            var names = new JsonArray([.. kind.Select(watched => JsonValue.Create(watched.Name))]);
            if (kind.Key == TaskChanged)
                notifications["taskIds"] = names;
            else if (kind.Key == NotificationMethods.ResourceUpdatedNotification)
                notifications["resourceSubscriptions"] = names;
            else
                notifications["resourcesListChanged"] = true;
        }

        return new JsonObject { ["notifications"] = notifications };
    }

    private static Task NotifyAsync(
        RequestContext<SubscriptionsListenRequestParams> request, string method, JsonObject parameters, CancellationToken cancellationToken)
    {
        var tagged = (JsonObject)parameters.DeepClone();
        tagged["_meta"] = MetaOf(request);
        return request.Server.SendMessageAsync(new JsonRpcNotification { Method = method, Params = tagged }, cancellationToken);
    }

    private static JsonObject MetaOf(RequestContext<SubscriptionsListenRequestParams> request) =>
        new() { [MetaKeys.SubscriptionId] = JsonSerializer.SerializeToNode(request.JsonRpcRequest.Id, McpJsonUtilities.DefaultOptions) };

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Debug, "Could not read the resources and tasks that a client subscribed to: {Reason}")]
        public static partial void NotRead(ILogger logger, string reason);
    }
}
