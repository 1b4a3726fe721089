using System.Text.Json;
using System.Text.Json.Nodes;
using McpImageGen.Tests.Testing;

namespace McpImageGen.Tests.Standalone;

/// <summary>Clients that know the tasks extension of 2026-07-28.</summary>
public sealed class JobTaskTests : IAsyncLifetime
{
    private const string Extension = "io.modelcontextprotocol/tasks";
    private const string Tool = "generate_image_and_wait";

    private RunningStandalone _server = null!;
    private SeedClient _ann = null!;
    private SeedClient _ben = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await RunningStandalone.StartAsync(
            "--Auth:Tokens:0:Owner=ann", "--Auth:Tokens:0:Token=anns-token", "--Auth:Tokens:1:Owner=ben", "--Auth:Tokens:1:Token=bens-token");
        _ann = new SeedClient(_server.Http, "anns-token");
        _ben = new SeedClient(_server.Http, "bens-token");
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_task_is_there_at_once_and_has_the_tools_result_in_the_end()
    {
        var task = Result(await CallAsync(_ann, new { prompt = "a paper boat [latency:1s]" }));

        Assert.Equal("task", task.GetProperty("resultType").GetString());
        Assert.Equal("working", task.GetProperty("status").GetString());
        Assert.True(task.GetProperty("ttlMs").GetInt64() > 0);
        var id = task.GetProperty("taskId").GetString()!;
        Assert.True((await _ann.CallAsync("get_job_status", new { job_id = id })).Success);

        var ended = await EndAsync(_ann, id);

        Assert.Equal("complete", ended.GetProperty("resultType").GetString());
        Assert.Equal("completed", ended.GetProperty("status").GetString());
        Assert.NotEmpty(AnswerOf(ended).GetProperty("image_url").GetString()!);
    }

    [Fact]
    public async Task A_task_of_several_images_ends_with_all_of_them()
    {
        var id = Result(await CallAsync(_ann, new { prompt = "paper boats", count = 3 })).GetProperty("taskId").GetString()!;

        Assert.Equal(3, AnswerOf(await EndAsync(_ann, id)).GetProperty("results").GetArrayLength());
    }

    [Fact]
    public async Task A_refused_prompt_is_a_completed_task_with_a_tools_error()
    {
        var id = Result(await CallAsync(_ann, new { prompt = "refused [fault:prompt-rejected]" })).GetProperty("taskId").GetString()!;

        var ended = await EndAsync(_ann, id);

        Assert.Equal("completed", ended.GetProperty("status").GetString());
        Assert.True(ended.GetProperty("result").GetProperty("isError").GetBoolean());
    }

    [Fact]
    public async Task Wrong_arguments_are_refused_without_a_task()
    {
        var result = Result(await CallAsync(_ann, new { prompt = "a paper boat", count = 50 }));

        Assert.True(result.GetProperty("isError").GetBoolean());
    }

    [Fact]
    public async Task Who_does_not_know_tasks_gets_the_images()
    {
        var result = Result(await RequestAsync(
            _ann, "tools/call", Tool, new { name = Tool, arguments = new { prompt = "a paper boat" } }, knowsTasks: false));

        Assert.True(JsonElement.Parse(result.GetProperty("content")[0].GetProperty("text").GetString()!).GetProperty("success").GetBoolean());
    }

    [Theory]
    [InlineData("tasks/get")]
    [InlineData("tasks/update")]
    [InlineData("tasks/cancel")]
    public async Task Another_owners_task_is_like_an_unknown_one(string method)
    {
        var id = Result(await CallAsync(_ann, new { prompt = "ann's [latency:1m]" })).GetProperty("taskId").GetString()!;

        var anothers = await TaskAsync(_ben, method, id);
        var unknown = await TaskAsync(_ben, method, "01890000-0000-7000-8000-000000000000");

        Assert.Equal(-32602, anothers.GetProperty("error").GetProperty("code").GetInt32());
        Assert.Equal(unknown.GetProperty("error").ToString(), anothers.GetProperty("error").ToString());
        Assert.Equal("working", Result(await TaskAsync(_ann, "tasks/get", id)).GetProperty("status").GetString());
    }

    [Fact]
    public async Task A_cancelled_task_is_cancelled_with_its_jobs()
    {
        var id = Result(await CallAsync(_ann, new { prompt = "slow [latency:1m]" })).GetProperty("taskId").GetString()!;

        Assert.Equal("complete", Result(await TaskAsync(_ann, "tasks/cancel", id)).GetProperty("resultType").GetString());
        Assert.Equal("cancelled", Result(await TaskAsync(_ann, "tasks/get", id)).GetProperty("status").GetString());
        Assert.Equal("cancelled", (await _ann.CallAsync("get_job_status", new { job_id = id })).Text("status"));
    }

    [Fact]
    public async Task The_server_says_that_it_has_tasks()
    {
        var result = Result(await RequestAsync(_ann, "server/discover", name: null, new { }, knowsTasks: true));

        Assert.True(result.GetProperty("capabilities").GetProperty("extensions").TryGetProperty(Extension, out _));
    }

    private static Task<JsonElement> EndAsync(SeedClient client, string id) => Until.HoldsAsync(
        async () => Result(await TaskAsync(client, "tasks/get", id)),
        task => task.GetProperty("status").GetString() != "working",
        "the task has ended");

    private static Task<JsonElement> CallAsync(SeedClient client, object arguments) =>
        RequestAsync(client, "tools/call", Tool, new { name = Tool, arguments }, knowsTasks: true);

    private static Task<JsonElement> TaskAsync(SeedClient client, string method, string taskId) =>
        RequestAsync(client, method, taskId, new { taskId }, knowsTasks: true);

    private static JsonElement AnswerOf(JsonElement task) =>
        JsonElement.Parse(task.GetProperty("result").GetProperty("content")[0].GetProperty("text").GetString()!);

    private static JsonElement Result(JsonElement response) =>
        response.TryGetProperty("result", out var result) ? result : throw new InvalidOperationException(response.ToString());

    /// <summary>A request as 2026-07-28 has it: no session, everything in <c>_meta</c> and in headers.</summary>
    private static async Task<JsonElement> RequestAsync(SeedClient client, string method, string? name, object parameters, bool knowsTasks)
    {
        var node = JsonSerializer.SerializeToNode(parameters)!.AsObject();
        node["_meta"] = new JsonObject
        {
            ["io.modelcontextprotocol/protocolVersion"] = "2026-07-28",
            ["io.modelcontextprotocol/clientInfo"] = new JsonObject { ["name"] = "test", ["version"] = "1" },
            ["io.modelcontextprotocol/clientCapabilities"] =
                knowsTasks ? new JsonObject { ["extensions"] = new JsonObject { [Extension] = new JsonObject() } } : new JsonObject(),
        };
        return await client.RequestAsync(method, node, request =>
        {
            request.Headers.Add("MCP-Protocol-Version", "2026-07-28");
            request.Headers.Add("Mcp-Method", method);
            if (name is not null)
                request.Headers.Add("Mcp-Name", name);
        });
    }
}
