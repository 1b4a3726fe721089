using System.Text.Json;
using McpImageGen.McpApi.Results;
using McpImageGen.Tests.Testing;
using SkiaSharp;

namespace McpImageGen.Tests.Standalone;

/// <summary>What answers have beside their text, and what tools say of them beforehand. That structured content is the text: <see cref="ToolOutcome"/>.</summary>
public sealed class ResultFormTests(SharedStandalone standalone) : IClassFixture<SharedStandalone>
{
    private FetchClient Client => standalone.Server.Client;

    [Fact]
    public async Task Every_result_and_error_matches_the_output_schema_of_its_tool()
    {
        var schemas = (await ToolsAsync()).ToDictionary(tool => tool.GetProperty("name").GetString()!, tool => tool.GetProperty("outputSchema"));
        var id = (await Client.CallAsync("generate_image_and_wait", new { prompt = "for the record" })).Text("job_id");
        var failed = (await Client.CallAsync("generate_image_and_wait", new { prompt = "[fault:prompt-rejected]" })).Text("job_id");
        var waiting = (await Client.CallAsync("generate_image", new { prompt = "[fault:server-error] busy" })).Text("job_id");
        await Until.HoldsAsync(
            () => Client.CallAsync("get_job_status", new { job_id = waiting }),
            job => job.Json.GetProperty("waiting").ValueKind == JsonValueKind.Object, "the job waits for its next attempt");
        var doomed = (await Client.CallAsync("generate_image", new { prompt = "doomed [latency:30s]" })).Text("job_id");
        var unknown = Guid.NewGuid();
        (string Tool, object Arguments)[] calls =
        [
            ("generate_image", new { prompt = "one" }),
            ("generate_image", new { prompt = "some", count = 3, idempotency_key = "form" }),
            ("generate_image", new { prompt = "others", count = 3, idempotency_key = "form" }),
            ("generate_image", new { prompt = "x" }),
            ("generate_image_and_wait", new { prompt = "one" }),
            ("generate_image_and_wait", new { prompt = "some", count = 2, inline = true }),
            ("generate_image_and_wait", new { prompt = "[fault:prompt-rejected]", count = 2 }),
            ("generate_image_and_wait", new { prompt = "late [latency:30s]", timeout_seconds = 1 }),
            ("wait_for_completion", new { job_id = id }),
            ("wait_for_completion", new { job_id = failed }),
            ("wait_for_completion", new { job_ids = new[] { id, failed } }),
            ("wait_for_completion", new { job_ids = new[] { id, waiting }, timeout_seconds = 1, inline = true }),
            ("wait_for_completion", new { job_id = unknown }),
            ("wait_for_completion", new { }),
            ("get_job_status", new { job_id = id, inline = true }),
            ("get_job_status", new { job_id = failed }),
            ("get_job_status", new { job_id = waiting }),
            ("get_job_status", new { job_id = unknown }),
            ("list_generations", new { }),
            ("list_generations", new { limit = 0, page = 2, offsets = 3 }),
            ("list_models", new { wait_for_previous = true }),
            ("list_jobs", new { limit = 50 }),
            ("list_jobs", new { status = "lost" }),
            ("delete_generation", new { job_id = doomed }),
            ("cancel_job", new { job_ids = new[] { doomed, id } }),
            ("cancel_job", new { job_id = unknown }),
            ("delete_generation", new { job_id = doomed }),
            ("delete_generation", new { job_id = doomed }),
        ];
        Assert.Equal(schemas.Keys.Except(["edit_image", "edit_image_and_wait"]).Order(), calls.Select(call => call.Tool).Distinct().Order());
        foreach (var (tool, arguments) in calls)
        {
            var outcome = await Client.CallAsync(tool, arguments);

            var violations = SchemaCheck.Violations(schemas[tool], outcome.Json).Except(OutputSchema.NotListed.Select(field => $"$.{field} is not described")).ToList();
            Assert.True(violations.Count == 0, $"{tool}: {string.Join("; ", violations)} in {outcome.Raw}");
        }
    }

    [Fact]
    public async Task Every_tool_has_a_title_an_output_schema_and_annotations()
    {
        foreach (var tool in await ToolsAsync())
        {
            Assert.NotEmpty(tool.GetProperty("title").GetString()!);
            Assert.Equal("object", tool.GetProperty("outputSchema").GetProperty("type").GetString());
            var annotations = tool.GetProperty("annotations");
            Assert.True(annotations.TryGetProperty("readOnlyHint", out _) || annotations.TryGetProperty("destructiveHint", out _), tool.ToString());
            Assert.True(annotations.TryGetProperty("openWorldHint", out _), tool.ToString());
        }
    }

    [Fact]
    public async Task Result_contains_no_images_by_default()
    {
        var made = await Client.CallAsync("generate_image_and_wait", new { prompt = "a link will do" });

        Assert.Empty(made.Beside);
        Assert.DoesNotContain("inline", made.Fields);
    }

    [Fact]
    public async Task Inline_images_are_previews_in_the_order_of_the_jobs()
    {
        var made = await Client.CallAsync("generate_image_and_wait", new { prompt = "shown", model = "sdxl-base", count = 2, inline = true });

        var inline = made.Json.GetProperty("inline");
        Assert.Equal(
            made.List("results").Select(result => result.GetProperty("job_id").GetString()),
            inline.GetProperty("shown").EnumerateArray().Select(id => id.GetString()));
        Assert.Empty(inline.GetProperty("left_out").EnumerateArray());
        Assert.Equal(2, ImagesOf(made).Count);
        Assert.All(made.Beside, image => Assert.Equal(
            ["user", "assistant"], image.GetProperty("annotations").GetProperty("audience").EnumerateArray().Select(reader => reader.GetString())));

        // Some clients show nothing but the structured content.
        Assert.Contains("If the client does not show image content, use the image_url", inline.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.All(ImagesOf(made), AssertPreview);
    }

    [Fact]
    public async Task Inline_images_are_returned_with_protocol_2026_07_28()
    {
        const string Tool = "generate_image_and_wait";
        var answer = await Client.RequestOf2026Async("tools/call", Tool, new { name = Tool, arguments = new { prompt = "shown", inline = true } });

        var result = answer.GetProperty("result");
        Assert.Equal("complete", result.GetProperty("resultType").GetString());
        AssertPreview(Assert.Single(ImagesOf(ToolOutcome.Of(result))));
    }

    [Fact]
    public async Task Inline_images_are_limited_in_total_size_and_omitted_ones_are_listed()
    {
        var made = await Client.CallAsync("generate_image_and_wait", new { prompt = "a crowd", model = "sdxl-base", count = 20, inline = true });

        var inline = made.Json.GetProperty("inline");
        var shown = inline.GetProperty("shown").GetArrayLength();
        Assert.Equal(20, shown + inline.GetProperty("left_out").GetArrayLength());
        Assert.Equal(shown, ImagesOf(made).Count);
        Assert.NotEqual(0, shown);
        Assert.InRange(ImagesOf(made).Sum(image => image.Length * 4 / 3), 1, 900_000);
        Assert.Equal(20, made.Number("count"));
    }

    [Fact]
    public async Task Job_status_contains_an_inline_image_if_requested()
    {
        var id = (await Client.CallAsync("generate_image_and_wait", new { prompt = "once more" })).Text("job_id");

        var status = await Client.CallAsync("get_job_status", new { job_id = id, inline = true });

        AssertPreview(Assert.Single(ImagesOf(status)));
    }

    private async Task<List<JsonElement>> ToolsAsync() =>
        [.. (await Client.RequestAsync("tools/list")).GetProperty("result").GetProperty("tools").EnumerateArray()];

    private static List<byte[]> ImagesOf(ToolOutcome outcome) =>
    [
        .. outcome.Beside.Where(content => content.GetProperty("type").ValueEquals("image")).Select(content =>
        {
            Assert.Equal("image/jpeg", content.GetProperty("mimeType").GetString());
            return content.GetProperty("data").GetBytesFromBase64();
        }),
    ];

    private static void AssertPreview(byte[] jpeg)
    {
        using var image = SKBitmap.Decode(jpeg);
        Assert.InRange(Math.Max(image.Width, image.Height), 1, 1024);
        Assert.InRange(jpeg.Length, 1, 700_000);
    }
}
