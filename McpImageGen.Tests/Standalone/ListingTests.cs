using System.Text.Json;
using McpImageGen.Tests.Testing;

namespace McpImageGen.Tests.Standalone;

public sealed class ListingTests(SharedStandalone standalone) : IClassFixture<SharedStandalone>, IAsyncLifetime
{
    private FetchClient Client { get; } = standalone.NewOwner();

    public async ValueTask InitializeAsync()
    {
        for (var i = 1; i <= 3; i++)
            await Client.CallAsync("generate_image_and_wait", new { prompt = $"picture {i}" });
        await Client.CallAsync("generate_image_and_wait", new { prompt = "never [fault:prompt-rejected]" });
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task List_generations_returns_completed_jobs_newest_first()
    {
        var listed = await Client.CallAsync("list_generations", new { });

        Assert.Equal(["success", "total_count", "total_count_is_estimate", "returned_count", "has_more", "next_cursor", "limit", "offset", "generations"], listed.Fields);
        Assert.Equal(3, listed.Number("total_count"));
        Assert.Equal(10, listed.Number("limit"));
        Assert.Equal(0, listed.Number("offset"));
        Assert.Equal(["picture 3", "picture 2", "picture 1"], PromptsOf(listed, "generations"));
        Assert.All(listed.List("generations"), generation => Assert.Equal(
            ["id", "job_id", "image_url", "prompt", "model", "created_at"], generation.EnumerateObject().Select(field => field.Name)));
    }

    [Fact]
    public async Task Consecutive_offset_pages_contain_all_generations_in_order()
    {
        var first = await Client.CallAsync("list_generations", new { limit = 2 });
        var second = await Client.CallAsync("list_generations", new { limit = 2, offset = 2 });

        Assert.True(first.Json.GetProperty("has_more").GetBoolean());
        Assert.False(second.Json.GetProperty("has_more").GetBoolean());
        Assert.Equal(2, first.Number("returned_count"));
        Assert.Equal(1, second.Number("returned_count"));
        Assert.Equal(["picture 3", "picture 2", "picture 1"], PromptsOf(first, "generations").Concat(PromptsOf(second, "generations")));
    }

    [Fact]
    public async Task Cursor_page_repeats_nothing_if_an_image_is_added_meanwhile()
    {
        var first = await Client.CallAsync("list_generations", new { limit = 2 });
        await Client.CallAsync("generate_image_and_wait", new { prompt = "added meanwhile" });

        var second = await Client.CallAsync("list_generations", new { limit = 2, cursor = first.Text("next_cursor") });

        Assert.Equal(["picture 3", "picture 2", "picture 1"], PromptsOf(first, "generations").Concat(PromptsOf(second, "generations")));
        Assert.Equal(JsonValueKind.Null, second.Json.GetProperty("next_cursor").ValueKind);
        Assert.False(second.Json.GetProperty("has_more").GetBoolean());
    }

    [Fact]
    public async Task Page_after_the_last_is_empty()
    {
        var listed = await Client.CallAsync("list_generations", new { offset = 100 });

        Assert.True(listed.Success);
        Assert.Equal(0, listed.Number("returned_count"));
        Assert.False(listed.Json.GetProperty("has_more").GetBoolean());
    }

    [Fact]
    public async Task List_jobs_returns_jobs_in_every_status()
    {
        var listed = await Client.CallAsync("list_jobs", new { });

        Assert.Equal(["success", "filter", "total_count", "total_count_is_estimate", "returned_count", "has_more", "limit", "offset", "jobs"], listed.Fields);
        Assert.Equal("all", listed.Text("filter"));
        Assert.Equal(4, listed.Number("total_count"));
        Assert.All(listed.List("jobs"), job => Assert.Equal(
            ["id", "status", "prompt", "model", "image_url", "error", "created_at", "updated_at"], job.EnumerateObject().Select(field => field.Name)));
    }

    [Fact]
    public async Task List_jobs_filters_by_status()
    {
        var listed = await Client.CallAsync("list_jobs", new { status = "failed" });

        Assert.Equal("failed", listed.Text("filter"));
        Assert.Equal(1, listed.Number("total_count"));
        var job = Assert.Single(listed.List("jobs"));
        Assert.Equal("failed", job.GetProperty("status").GetString());
        Assert.Equal(JsonValueKind.Null, job.GetProperty("image_url").ValueKind);
        Assert.NotEmpty(job.GetProperty("error").GetString()!);
    }

    private static IEnumerable<string?> PromptsOf(ToolOutcome listed, string field) =>
        listed.List(field).Select(item => item.GetProperty("prompt").GetString());
}
