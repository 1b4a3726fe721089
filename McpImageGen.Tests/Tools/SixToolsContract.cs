using System.Text.Json;
using McpImageGen.Contracts.Models;
using McpImageGen.Tests.Testing;

namespace McpImageGen.Tests.Tools;

/// <summary>The six tools as clients of the seed service call them and read them, wherever the server runs.</summary>
public abstract class SixToolsContract
{
    protected abstract FetchClient Client { get; }

    [Fact]
    public async Task Generate_image_immediately_returns_the_pending_job()
    {
        var started = await Client.CallAsync("generate_image", new { prompt = "a red kite [latency:5s]" });

        Assert.False(started.IsError);
        Assert.Equal(["success", "job_id", "status", "message", "prompt", "model", "estimated_time_seconds"], started.Fields);
        Assert.True(started.Success);
        Assert.Equal("pending", started.Text("status"));
        Assert.Equal("a red kite [latency:5s]", started.Text("prompt"));
        Assert.Equal("flux-schnell", started.Text("model"));
        Assert.True(Guid.TryParseExact(started.Text("job_id"), "D", out _));
        Assert.True(started.Number("estimated_time_seconds") > 0);
    }

    [Fact]
    public async Task Generate_image_with_a_count_returns_that_many_job_ids()
    {
        var started = await Client.CallAsync("generate_image", new { prompt = "a red kite", count = 20, model = "sdxl-lightning" });

        Assert.Equal(["success", "job_ids", "count", "status", "message", "prompt", "model", "estimated_time_seconds"], started.Fields);
        Assert.Equal(20, started.Number("count"));
        Assert.Equal(20, started.List("job_ids").Select(id => id.GetString()).Distinct().Count());
    }

    [Fact]
    public async Task Wait_for_one_job_returns_its_image()
    {
        var id = (await Client.CallAsync("generate_image", new { prompt = "a green door" })).Text("job_id");

        var done = await Client.CallAsync("wait_for_completion", new { job_id = id });

        Assert.Equal(["success", "status", "image_url", "prompt", "model", "job_id"], done.Fields);
        Assert.True(done.Success);
        Assert.Equal("completed", done.Text("status"));
        Assert.Equal("a green door", done.Text("prompt"));
        Assert.StartsWith(Client.Http.BaseAddress!.AbsoluteUri + "images/", done.Text("image_url"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wait_for_several_jobs_returns_them_in_the_requested_order()
    {
        var ids = await StartAsync("a blue door", count: 4);
        var asked = ids.Reverse().ToArray();

        var done = await Client.CallAsync("wait_for_completion", new { job_ids = asked });

        Assert.Equal(["success", "count", "results"], done.Fields);
        Assert.Equal(4, done.Number("count"));
        Assert.Equal(asked, done.List("results").Select(result => result.GetProperty("job_id").GetString()));
        Assert.All(done.List("results"), result => Assert.Equal(["job_id", "image_url", "prompt", "model"], NamesOf(result)));
    }

    [Fact]
    public async Task Wait_for_a_list_of_one_job_returns_a_list()
    {
        var ids = await StartAsync("a list of one", count: 1);

        var done = await Client.CallAsync("wait_for_completion", new { job_ids = ids });

        Assert.Equal(ids, done.List("results").Select(result => result.GetProperty("job_id").GetString()));
    }

    public static TheoryData<string> Models => [.. ImageModel.All.Select(model => model.Name)];

    [Theory]
    [MemberData(nameof(Models))]
    public async Task Generate_image_and_wait_returns_an_image_with_every_model(string model)
    {
        var done = await Client.CallAsync("generate_image_and_wait", new { prompt = "cyberpunk city", model });

        Assert.Equal(["success", "status", "image_url", "prompt", "model", "job_id"], done.Fields);
        Assert.Equal(model, done.Text("model"));
    }

    [Fact]
    public async Task Twenty_images_of_one_prompt_are_different()
    {
        var done = await Client.CallAsync("generate_image_and_wait", new { prompt = "cyberpunk city", count = 20 });

        var images = new HashSet<string>();
        foreach (var result in done.List("results"))
        {
            var bytes = await Client.Http.GetByteArrayAsync(
                result.GetProperty("image_url").GetString(), TestContext.Current.CancellationToken);
            images.Add(Convert.ToBase64String(bytes));
        }

        Assert.Equal(20, images.Count);
    }

    [Fact]
    public async Task Status_of_a_completed_job_contains_all_fields()
    {
        var id = (await Client.CallAsync("generate_image_and_wait", new { prompt = "a quiet lake" })).Text("job_id");

        var status = await Client.CallAsync("get_job_status", new { job_id = id });

        Assert.Equal(
            ["success", "job_id", "status", "image_url", "error", "prompt", "model", "created_at", "updated_at"], status.Fields.Take(9));
        Assert.Equal("completed", status.Text("status"));
        Assert.Equal(JsonValueKind.Null, status.Json.GetProperty("error").ValueKind);
        var created = DateTimeOffset.FromUnixTimeMilliseconds(status.Json.GetProperty("created_at").GetInt64());
        Assert.InRange(created, DateTimeOffset.UtcNow.AddMinutes(-5), DateTimeOffset.UtcNow);
        Assert.True(status.Json.GetProperty("updated_at").GetInt64() >= status.Json.GetProperty("created_at").GetInt64());
        Assert.True(status.Json.GetProperty("neurons").GetDouble() > 0);
    }

    [Fact]
    public async Task Status_of_an_unfinished_job_has_no_image()
    {
        var id = (await Client.CallAsync("generate_image", new { prompt = "slow [latency:30s]" })).Text("job_id");

        var status = await Client.CallAsync("get_job_status", new { job_id = id });

        Assert.Contains(status.Text("status"), new[] { "pending", "processing" });
        Assert.Equal(JsonValueKind.Null, status.Json.GetProperty("image_url").ValueKind);
    }

    [Fact]
    public async Task Status_of_an_unknown_job_is_an_error()
    {
        var unknown = Guid.NewGuid().ToString();

        var status = await Client.CallAsync("get_job_status", new { job_id = unknown });

        Assert.True(status.IsError);
        Assert.False(status.Success);
        Assert.Equal("Job not found", status.Error);
        Assert.Equal(unknown, status.Text("job_id"));
    }

    [Fact]
    public async Task Wait_for_an_unknown_job_is_an_error()
    {
        var known = await StartAsync("known", count: 1);

        var wait = await Client.CallAsync("wait_for_completion", new { job_ids = new[] { known[0], Guid.NewGuid().ToString() } });

        Assert.True(wait.IsError);
        Assert.False(wait.Success);
        Assert.Equal("One or more jobs not found", wait.Error);
    }

    [Fact]
    public async Task Wait_for_a_failed_job_returns_its_error()
    {
        var failed = await Client.CallAsync("generate_image_and_wait", new { prompt = "[fault:prompt-rejected]" });

        Assert.True(failed.IsError);
        Assert.Equal(["success", "status", "error"], failed.Fields.Take(3));
        Assert.False(failed.Success);
        Assert.Equal("failed", failed.Text("status"));
        Assert.Contains("prompt", failed.Error, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Wait_continues_for_the_other_jobs_after_one_job_fails()
    {
        var slow = await StartAsync("good and slower [latency:400ms]", count: 2);
        var bad = await StartAsync("bad [fault:prompt-rejected]", count: 1);

        var done = await Client.CallAsync("wait_for_completion", new { job_ids = (string[])[slow[0], bad[0], slow[1]] });

        Assert.True(done.IsError);
        Assert.Equal(["success", "error", "failed", "completed"], done.Fields);
        Assert.Equal("1 job(s) failed", done.Error);
        Assert.Equal(bad, done.List("failed").Select(job => job.GetProperty("job_id").GetString()));
        Assert.Equal(slow, done.List("completed").Select(job => job.GetProperty("job_id").GetString()));
        Assert.All(done.List("completed"), job => Assert.Equal(["job_id", "image_url"], NamesOf(job)));
    }

    [Fact]
    public async Task Tool_result_is_JSON_indented_with_two_spaces()
    {
        var listed = await Client.CallAsync("list_jobs", new { limit = 1 });

        Assert.StartsWith("{\n  \"success\": true,\n  \"filter\": \"all\",\n", listed.Raw, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tool_list_contains_the_six_tools_with_descriptions_and_every_model()
    {
        var tools = (await Client.RequestAsync("tools/list")).GetProperty("result").GetProperty("tools").EnumerateArray().ToList();

        string[] six = ["generate_image", "generate_image_and_wait", "get_job_status", "list_generations", "list_jobs", "wait_for_completion"];
        Assert.Subset(tools.Select(tool => tool.GetProperty("name").GetString()!).ToHashSet(), six.ToHashSet());
        Assert.All(tools, tool => Assert.NotEmpty(tool.GetProperty("description").GetString()!));
        foreach (var name in new[] { "generate_image", "generate_image_and_wait" })
        {
            var tool = tools.Single(tool => tool.GetProperty("name").GetString() == name);
            var models = tool.GetProperty("inputSchema").GetProperty("properties").GetProperty("model").GetProperty("enum");
            Assert.Equal(ImageModel.All.Select(model => model.Name), models.EnumerateArray().Select(model => model.GetString()));
        }
    }

    private async Task<string[]> StartAsync(string prompt, int count)
    {
        var started = await Client.CallAsync("generate_image", new { prompt, count });
        return count == 1 ? [started.Text("job_id")] : [.. started.List("job_ids").Select(id => id.GetString()!)];
    }

    private static IEnumerable<string> NamesOf(JsonElement element) => element.EnumerateObject().Select(field => field.Name);
}
