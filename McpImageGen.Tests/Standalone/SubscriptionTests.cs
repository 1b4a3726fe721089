using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using McpImageGen.Tests.Testing;

namespace McpImageGen.Tests.Standalone;

/// <summary><c>subscriptions/listen</c> of 2026-07-28: a client is told of what it asks for instead of asking again and again.</summary>
public sealed class SubscriptionTests(SharedStandalone standalone) : IClassFixture<SharedStandalone>
{
    private const string SubscriptionId = "io.modelcontextprotocol/subscriptionId";
    private const string Tasks = "io.modelcontextprotocol/tasks";

    private readonly FetchClient _ann = standalone.NewOwner();
    private readonly FetchClient _ben = standalone.NewOwner();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Subscription_first_acknowledges_only_supported_resources_of_the_owner()
    {
        var anns = await StartAsync(_ann, "ann's [latency:10m]");
        var bens = await StartAsync(_ben, "ben's [latency:10m]");

        using var stream = await ListenAsync(_ann, new
        {
            toolsListChanged = true,
            promptsListChanged = true,
            resourcesListChanged = true,
            resourceSubscriptions = new[] { $"job://{anns}", $"image://{anns}", $"job://{bens}", $"image://{Guid.NewGuid()}", "file:///etc/passwd" },
        });

        var acknowledged = await stream.NextAsync("notifications/subscriptions/acknowledged");
        Assert.Equal("listening", acknowledged.GetProperty("_meta").GetProperty(SubscriptionId).GetString());
        var granted = acknowledged.GetProperty("notifications");
        Assert.Equal(["resourceSubscriptions", "resourcesListChanged"], granted.EnumerateObject().Select(kind => kind.Name).Order(StringComparer.Ordinal));
        Assert.Equal([$"job://{anns}", $"image://{anns}"], granted.GetProperty("resourceSubscriptions").EnumerateArray().Select(uri => uri.GetString()));
    }

    [Fact]
    [Slow]
    public async Task Subscription_reports_completion_and_deletion_of_an_image()
    {
        var id = await StartAsync(_ann, "soon [latency:3s]");
        using var stream = await ListenAsync(_ann, new { resourceSubscriptions = new[] { $"image://{id}" } });
        await stream.NextAsync("notifications/subscriptions/acknowledged");

        var updated = await stream.NextAsync("notifications/resources/updated");

        Assert.Equal($"image://{id}", updated.GetProperty("uri").GetString());
        Assert.Equal("listening", updated.GetProperty("_meta").GetProperty(SubscriptionId).GetString());
        Assert.Equal("completed", (await _ann.CallAsync("get_job_status", new { job_id = id })).Text("status"));
        await _ann.CallAsync("delete_generation", new { job_id = id });
        Assert.Equal($"image://{id}", (await stream.NextAsync("notifications/resources/updated")).GetProperty("uri").GetString());
    }

    [Fact]
    public async Task Subscription_reports_resource_list_changes_only_for_images_of_the_owner()
    {
        using var anns = await ListenAsync(_ann, new { resourcesListChanged = true });
        using var bens = await ListenAsync(_ben, new { resourcesListChanged = true });
        await anns.NextAsync("notifications/subscriptions/acknowledged");
        await bens.NextAsync("notifications/subscriptions/acknowledged");

        Assert.True((await _ann.CallAsync("generate_image_and_wait", new { prompt = "ann's" })).Success);
        await anns.NextAsync("notifications/resources/list_changed");
        Assert.True((await _ben.CallAsync("generate_image_and_wait", new { prompt = "ben's" })).Success);

        await bens.NextAsync("notifications/resources/list_changed");
        Assert.Equal(1, bens.Seen.Count(method => method == "notifications/resources/list_changed"));
    }

    [Fact]
    public async Task Subscription_reports_task_status_until_the_task_ends()
    {
        var id = await StartAsync(_ann, "a task [latency:1s]");
        using var stream = await ListenAsync(_ann, new { taskIds = new[] { id, Guid.NewGuid().ToString() } }, knowsTasks: true);
        var acknowledged = await stream.NextAsync("notifications/subscriptions/acknowledged");

        var task = await stream.NextAsync("notifications/tasks");
        while (task.GetProperty("status").GetString() == "working")
            task = await stream.NextAsync("notifications/tasks");

        Assert.Equal([id], acknowledged.GetProperty("notifications").GetProperty("taskIds").EnumerateArray().Select(granted => granted.GetString()));
        Assert.Equal(id, task.GetProperty("taskId").GetString());
        Assert.Equal("completed", task.GetProperty("status").GetString());
        var answer = JsonElement.Parse(task.GetProperty("result").GetProperty("content")[0].GetProperty("text").GetString()!);
        Assert.NotEmpty(answer.GetProperty("image_url").GetString()!);
        Assert.False(task.TryGetProperty("resultType", out _));
    }

    [Fact]
    public async Task Subscription_to_an_ended_task_reports_its_status_immediately()
    {
        var id = (await _ann.CallAsync("generate_image_and_wait", new { prompt = "done" })).Text("job_id");

        using var stream = await ListenAsync(_ann, new { taskIds = new[] { id } }, knowsTasks: true);

        await stream.NextAsync("notifications/subscriptions/acknowledged");
        Assert.Equal("completed", (await stream.NextAsync("notifications/tasks")).GetProperty("status").GetString());
    }

    [Fact]
    public async Task Subscription_to_tasks_without_the_tasks_extension_is_rejected()
    {
        using var stream = await ListenAsync(_ann, new { taskIds = new[] { Guid.NewGuid().ToString() } });

        Assert.Equal(-32021, (await stream.AnswerAsync()).GetProperty("error").GetProperty("code").GetInt32());
    }

    [Fact]
    public async Task Subscription_without_supported_notifications_ends_immediately_with_a_response()
    {
        using var stream = await ListenAsync(_ann, new { toolsListChanged = true });

        Assert.Empty((await stream.NextAsync("notifications/subscriptions/acknowledged")).GetProperty("notifications").EnumerateObject());
        var answer = await stream.AnswerAsync();
        Assert.Equal("listening", answer.GetProperty("result").GetProperty("_meta").GetProperty(SubscriptionId).GetString());
        Assert.Equal("complete", answer.GetProperty("result").GetProperty("resultType").GetString());
    }

    [Fact]
    [Slow]
    public async Task Stopping_server_ends_a_subscription_with_a_response()
    {
        using var folder = new TemporaryFolder();
        await using var server = StandaloneProcess.Start(folder.Path);
        using var stream = await ListenAsync(await server.ReadyAsync(), new { resourcesListChanged = true });
        await stream.NextAsync("notifications/subscriptions/acknowledged");

        server.Terminate();

        Assert.True((await stream.AnswerAsync()).TryGetProperty("result", out _));
        Assert.Equal(0, await server.ExitCodeAsync());
    }

    [Fact]
    public async Task Subscription_of_a_JSON_only_client_is_rejected_with_the_reason()
    {
        using var request = RequestFor(_ann, new { resourcesListChanged = true }, knowsTasks: false, "application/json");

        using var response = await standalone.Server.Http.SendAsync(request, Cancel);

        var error = (await response.Content.ReadFromJsonAsync<JsonElement>(Cancel)).GetProperty("error");
        Assert.Contains("text/event-stream", error.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Subscription_capabilities_are_announced_only_with_protocol_2026_07_28()
    {
        var handshake = await _ann.RequestAsync("initialize", new { protocolVersion = "2025-11-25", capabilities = new { }, clientInfo = new { name = "test", version = "1" } });
        using var discover = RequestFor(_ann, null, knowsTasks: false, "application/json", "server/discover");
        using var discovered = await standalone.Server.Http.SendAsync(discover, Cancel);

        var before = handshake.GetProperty("result").GetProperty("capabilities");
        var now = (await discovered.Content.ReadFromJsonAsync<JsonElement>(Cancel)).GetProperty("result").GetProperty("capabilities");
        Assert.Empty(before.GetProperty("resources").EnumerateObject());
        Assert.True(now.GetProperty("resources").GetProperty("subscribe").GetBoolean());
        Assert.True(now.GetProperty("resources").GetProperty("listChanged").GetBoolean());
        foreach (var neverChanges in new[] { before.GetProperty("tools"), before.GetProperty("prompts"), now.GetProperty("tools"), now.GetProperty("prompts") })
            Assert.Empty(neverChanges.EnumerateObject());
    }

    private static async Task<string> StartAsync(FetchClient client, string prompt) => (await client.CallAsync("generate_image", new { prompt })).Text("job_id");

    private static async Task<Listening> ListenAsync(FetchClient client, object notifications, bool knowsTasks = false)
    {
        using var request = RequestFor(client, notifications, knowsTasks, "application/json, text/event-stream");
        var response = await client.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancel);
        return new Listening(response, new StreamReader(await response.Content.ReadAsStreamAsync(Cancel)));
    }

    private static HttpRequestMessage RequestFor(FetchClient client, object? notifications, bool knowsTasks, string accept, string method = "subscriptions/listen")
    {
        var parameters = new JsonObject
        {
            ["_meta"] = new JsonObject
            {
                ["io.modelcontextprotocol/protocolVersion"] = "2026-07-28",
                ["io.modelcontextprotocol/clientInfo"] = new JsonObject { ["name"] = "test", ["version"] = "1" },
                ["io.modelcontextprotocol/clientCapabilities"] =
                    knowsTasks ? new JsonObject { ["extensions"] = new JsonObject { [Tasks] = new JsonObject() } } : new JsonObject(),
            },
        };
        if (notifications is not null)
            parameters["notifications"] = JsonSerializer.SerializeToNode(notifications);
        return new HttpRequestMessage(HttpMethod.Post, "/mcp")
        {
            Content = JsonContent.Create(new JsonObject { ["jsonrpc"] = "2.0", ["id"] = "listening", ["method"] = method, ["params"] = parameters }),
            Headers =
            {
                { "Authorization", "Bearer " + client.Token }, { "Accept", accept }, { "MCP-Protocol-Version", "2026-07-28" }, { "Mcp-Method", method },
            },
        };
    }

    /// <summary>An open stream, message by message.</summary>
    private sealed class Listening(HttpResponseMessage response, StreamReader events) : IDisposable
    {
        private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

        /// <summary>The methods of all notifications so far.</summary>
        public List<string> Seen { get; } = [];

        /// <summary>The parameters of the next notification, which must be this one.</summary>
        public async Task<JsonElement> NextAsync(string method)
        {
            var message = await ReadAsync();
            Assert.True(message.TryGetProperty("method", out var found) && found.GetString() == method, message.ToString());
            Seen.Add(method);
            return message.GetProperty("params");
        }

        /// <summary>The answer to the request, which ends the stream.</summary>
        public async Task<JsonElement> AnswerAsync()
        {
            var message = await ReadAsync();
            Assert.Equal("listening", message.GetProperty("id").GetString());
            return message;
        }

        public void Dispose()
        {
            events.Dispose();
            response.Dispose();
        }

        private async Task<JsonElement> ReadAsync()
        {
            while (await events.ReadLineAsync(Cancel).AsTask().WaitAsync(Limit, Cancel) is { } line)
            {
                if (line.StartsWith("data: ", StringComparison.Ordinal))
                    return JsonElement.Parse(line["data: ".Length..]);
                if (line.StartsWith('{'))
                    return JsonElement.Parse(line);
            }

            throw new InvalidOperationException("The stream has ended.");
        }
    }
}
