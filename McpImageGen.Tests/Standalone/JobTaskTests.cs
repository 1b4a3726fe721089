using System.Text.Json;
using McpImageGen.Tests.Testing;

namespace McpImageGen.Tests.Standalone;

/// <summary>Clients that know the tasks extension of 2026-07-28.</summary>
public sealed class JobTaskTests(SharedStandalone standalone) : IClassFixture<SharedStandalone>
{
    private const string Extension = "io.modelcontextprotocol/tasks";
    private const string Tool = "generate_image_and_wait";

    private readonly FetchClient _ann = standalone.NewOwner();
    private readonly FetchClient _ben = standalone.NewOwner();

    [Fact]
    public async Task Task_is_created_immediately_and_finally_contains_the_tool_result()
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
    public async Task Task_with_several_images_contains_all_results()
    {
        var id = Result(await CallAsync(_ann, new { prompt = "paper boats", count = 3 })).GetProperty("taskId").GetString()!;

        Assert.Equal(3, AnswerOf(await EndAsync(_ann, id)).GetProperty("results").GetArrayLength());
    }

    [Fact]
    public async Task Task_with_a_rejected_prompt_completes_with_a_tool_error()
    {
        var id = Result(await CallAsync(_ann, new { prompt = "refused [fault:prompt-rejected]" })).GetProperty("taskId").GetString()!;

        var ended = await EndAsync(_ann, id);

        Assert.Equal("completed", ended.GetProperty("status").GetString());
        Assert.True(ended.GetProperty("result").GetProperty("isError").GetBoolean());
    }

    [Fact]
    public async Task Edit_can_run_as_a_task()
    {
        var first = (await _ann.CallAsync("generate_image_and_wait", new { prompt = "a paper boat" })).Text("job_id");

        var task = Result(await CallAsync(_ann, new { prompt = "a red one", job_ids = new[] { first } }, "edit_image_and_wait"));

        var edited = AnswerOf(await EndAsync(_ann, task.GetProperty("taskId").GetString()!));
        Assert.NotEqual(first, edited.GetProperty("job_id").GetString());
        Assert.Equal("flux-2-klein-4b", edited.GetProperty("model").GetString());
    }

    [Fact]
    [Slow]
    public async Task Wait_can_run_as_a_task_and_submits_no_jobs()
    {
        var ids = (await _ann.CallAsync("generate_image", new { prompt = "boats [latency:3s]", count = 2 })).List("job_ids").Select(id => id.GetString()!).ToArray();

        var several = Result(await CallAsync(_ann, new { job_ids = ids }, "wait_for_completion"));
        var listOfOne = Result(await CallAsync(_ann, new { job_ids = ids[..1] }, "wait_for_completion"));
        var one = Result(await CallAsync(_ann, new { job_id = ids[0] }, "wait_for_completion"));

        Assert.Equal("working", several.GetProperty("status").GetString());
        Assert.Equal(ids, await IdsOfResultsAsync(several));
        Assert.Equal(ids[..1], await IdsOfResultsAsync(listOfOne));
        Assert.Equal(ids[0], AnswerOf(await EndAsync(_ann, one.GetProperty("taskId").GetString()!)).GetProperty("job_id").GetString());
        Assert.Equal(2, (await _ann.CallAsync("list_jobs", new { })).Number("total_count"));

        async Task<IEnumerable<string?>> IdsOfResultsAsync(JsonElement task) =>
            AnswerOf(await EndAsync(_ann, task.GetProperty("taskId").GetString()!)).GetProperty("results").EnumerateArray()
                .Select(result => result.GetProperty("job_id").GetString());
    }

    [Theory]
    [InlineData("generate_image_and_wait", """{"prompt":"a paper boat","count":50}""")]
    [InlineData("generate_image_and_wait", """{"prompt":"a paper boat","timeout_seconds":"soon"}""")]
    [InlineData("edit_image_and_wait", """{"prompt":"a paper boat","job_ids":["01890000-0000-7000-8000-000000000000"]}""")]
    [InlineData("wait_for_completion", """{"job_id":"01890000-0000-7000-8000-000000000000"}""")]
    [InlineData("wait_for_completion", """{}""")]
    public async Task Invalid_arguments_are_rejected_without_creating_a_task(string tool, string arguments)
    {
        var result = Result(await CallAsync(_ann, JsonElement.Parse(arguments), tool));

        Assert.True(result.GetProperty("isError").GetBoolean());
    }

    [Fact]
    public async Task Task_arguments_are_parsed_leniently_and_ignored_arguments_are_listed()
    {
        var task = Result(await CallAsync(_ann, JsonElement.Parse("""{"prompt":"a paper boat","count":"2","seed":"","inline":null,"step":4}""")));

        Assert.Equal("step", Assert.Single(task.GetProperty("_meta").GetProperty("ignored_arguments").EnumerateArray()).GetString());
        Assert.Contains("Did you mean steps?", task.GetProperty("_meta").GetProperty("hint").GetString(), StringComparison.Ordinal);
        Assert.Equal(2, AnswerOf(await EndAsync(_ann, task.GetProperty("taskId").GetString()!)).GetProperty("results").GetArrayLength());
    }

    [Fact]
    public async Task Client_without_task_support_gets_the_result_directly()
    {
        var result = Result(await _ann.RequestOf2026Async("tools/call", Tool, new { name = Tool, arguments = new { prompt = "a paper boat" } }));

        Assert.True(JsonElement.Parse(result.GetProperty("content")[0].GetProperty("text").GetString()!).GetProperty("success").GetBoolean());
    }

    [Theory]
    [InlineData("tasks/get")]
    [InlineData("tasks/update")]
    [InlineData("tasks/cancel")]
    public async Task Task_of_another_owner_returns_the_same_error_as_an_unknown_task(string method)
    {
        var id = Result(await CallAsync(_ann, new { prompt = "ann's [latency:1m]" })).GetProperty("taskId").GetString()!;

        var anothers = await TaskAsync(_ben, method, id);
        var unknown = await TaskAsync(_ben, method, "01890000-0000-7000-8000-000000000000");

        Assert.Equal(-32602, anothers.GetProperty("error").GetProperty("code").GetInt32());
        Assert.Equal(unknown.GetProperty("error").ToString(), anothers.GetProperty("error").ToString());
        Assert.Equal("working", Result(await TaskAsync(_ann, "tasks/get", id)).GetProperty("status").GetString());
    }

    [Fact]
    public async Task Cancelling_a_task_cancels_its_jobs()
    {
        var id = Result(await CallAsync(_ann, new { prompt = "slow [latency:1m]" })).GetProperty("taskId").GetString()!;

        Assert.Equal("complete", Result(await TaskAsync(_ann, "tasks/cancel", id)).GetProperty("resultType").GetString());
        Assert.Equal("cancelled", Result(await TaskAsync(_ann, "tasks/get", id)).GetProperty("status").GetString());
        Assert.Equal("cancelled", (await _ann.CallAsync("get_job_status", new { job_id = id })).Text("status"));
    }

    [Fact]
    public async Task Server_announces_the_tasks_extension()
    {
        var result = Result(await _ann.RequestOf2026Async("server/discover", name: null, new { }, Extension));

        Assert.True(result.GetProperty("capabilities").GetProperty("extensions").TryGetProperty(Extension, out _));
    }

    private static Task<JsonElement> EndAsync(FetchClient client, string id) => Until.HoldsAsync(
        async () => Result(await TaskAsync(client, "tasks/get", id)),
        task => task.GetProperty("status").GetString() != "working",
        "the task has ended");

    private static Task<JsonElement> CallAsync(FetchClient client, object arguments, string tool = Tool) =>
        client.RequestOf2026Async("tools/call", tool, new { name = tool, arguments }, Extension);

    private static Task<JsonElement> TaskAsync(FetchClient client, string method, string taskId) =>
        client.RequestOf2026Async(method, taskId, new { taskId }, Extension);

    private static JsonElement AnswerOf(JsonElement task) =>
        JsonElement.Parse(task.GetProperty("result").GetProperty("content")[0].GetProperty("text").GetString()!);

    private static JsonElement Result(JsonElement response) =>
        response.TryGetProperty("result", out var result) ? result : throw new InvalidOperationException(response.ToString());
}
