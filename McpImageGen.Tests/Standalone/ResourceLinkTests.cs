using McpImageGen.Tests.Testing;

namespace McpImageGen.Tests.Standalone;

/// <summary>Resource links to images are in an answer only on request: some clients refuse an answer that has one.</summary>
public sealed class ResourceLinkTests(SharedStandalone standalone) : IClassFixture<SharedStandalone>
{
    private FetchClient Client => standalone.Server.Client;

    [Theory]
    [InlineData(null)]
    [InlineData("2025-03-26")]
    [InlineData("2025-06-18")]
    [InlineData("2025-11-25")]
    public async Task Result_contains_no_resource_links_by_default(string? version)
    {
        var made = await CallAsync(version, "generate_image_and_wait", new { prompt = "a boat" });
        var id = made.Text("job_id");

        Assert.Empty(made.Beside);
        Assert.NotEmpty(made.Text("image_url"));
        Assert.Empty((await CallAsync(version, "get_job_status", new { job_id = id })).Beside);
        Assert.Empty((await CallAsync(version, "wait_for_completion", new { job_ids = new[] { id } })).Beside);
        Assert.Empty((await CallAsync(version, "list_generations", new { })).Beside);
    }

    [Theory]
    [InlineData("2025-06-18")]
    [InlineData("2025-11-25")]
    public async Task Result_contains_one_resource_link_per_image_if_requested(string version)
    {
        var made = await CallAsync(version, "generate_image_and_wait", new { prompt = "boats", count = 2 }, asks: true);
        var ids = made.List("results").Select(result => result.GetProperty("job_id").GetString()!).ToArray();

        ToolOutcome[] answers =
        [
            made,
            await CallAsync(version, "wait_for_completion", new { job_ids = ids }, asks: true),
            await CallAsync(version, "edit_image_and_wait", new { prompt = "red boats", job_ids = ids, count = 2 }, asks: true),
        ];
        Assert.All(answers, answer =>
        {
            Assert.Equal(
                answer.List("results").Select(result => $"image://{result.GetProperty("job_id")}"), answer.Beside.Select(link => link.GetProperty("uri").GetString()));
            Assert.All(answer.Beside, link =>
            {
                Assert.Equal("resource_link", link.GetProperty("type").GetString());
                Assert.StartsWith("image/", link.GetProperty("mimeType").GetString()!, StringComparison.Ordinal);
                Assert.NotEmpty(Path.GetExtension(link.GetProperty("name").GetString()!));
            });
        });
        Assert.Single((await CallAsync(version, "get_job_status", new { job_id = ids[0] }, asks: true)).Beside);
        Assert.Equal(2, (await CallAsync(version, "list_generations", new { limit = 2 }, asks: true)).Beside.Count);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("2024-11-05")]
    [InlineData("2025-03-26")]
    public async Task Result_contains_no_resource_links_before_protocol_2025_06_18(string? version)
    {
        var made = await CallAsync(version, "generate_image_and_wait", new { prompt = "a boat" }, asks: true);

        Assert.True(made.Success, made.Raw);
        Assert.Empty(made.Beside);
    }

    [Fact]
    public async Task Task_result_contains_no_resource_links_by_default()
    {
        const string Tasks = "io.modelcontextprotocol/tasks", Tool = "generate_image_and_wait";
        var created = await Client.RequestOf2026Async("tools/call", Tool, new { name = Tool, arguments = new { prompt = "a boat" } }, Tasks);
        var taskId = created.GetProperty("result").GetProperty("taskId").GetString()!;

        var task = await Until.HoldsAsync(
            async () => (await Client.RequestOf2026Async("tasks/get", taskId, new { taskId }, Tasks)).GetProperty("result"),
            state => state.GetProperty("status").ValueEquals("completed"), "the task has ended");

        Assert.Empty(ToolOutcome.Of(task.GetProperty("result")).Beside);
    }

    private async Task<ToolOutcome> CallAsync(string? version, string tool, object arguments, bool asks = false)
    {
        var meta = asks ? new Dictionary<string, bool> { ["mcp-image-generator/resource_links"] = true } : [];
        var answer = await Client.RequestAsync("tools/call", new { name = tool, arguments, _meta = meta }, request =>
        {
            if (version is not null)
                request.Headers.Add("MCP-Protocol-Version", version);
        });
        return ToolOutcome.Of(answer.GetProperty("result"));
    }
}
