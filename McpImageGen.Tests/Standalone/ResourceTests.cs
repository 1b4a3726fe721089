using System.Text.Json;
using McpImageGen.Tests.Testing;

namespace McpImageGen.Tests.Standalone;

/// <summary>Images and jobs as MCP resources.</summary>
public sealed class ResourceTests(SharedStandalone standalone) : IClassFixture<SharedStandalone>
{
    private const int ResourceNotFound = -32002;

    private readonly FetchClient _ann = standalone.NewOwner();
    private readonly FetchClient _ben = standalone.NewOwner();

    [Fact]
    public async Task Image_resource_contains_the_stored_image()
    {
        var answer = await _ann.CallAsync("generate_image_and_wait", new { prompt = "a paper boat" });

        var image = await ReadAsync(_ann, $"image://{answer.Text("job_id")}");

        Assert.Equal("image/jpeg", image.GetProperty("mimeType").GetString());
        var linked = await standalone.Server.Http.GetByteArrayAsync(answer.Text("image_url"), TestContext.Current.CancellationToken);
        Assert.Equal(linked, image.GetProperty("blob").GetBytesFromBase64());
    }

    [Fact]
    public async Task Job_resource_equals_the_result_of_get_job_status()
    {
        var id = (await _ann.CallAsync("generate_image_and_wait", new { prompt = "refused [fault:prompt-rejected]" })).Text("job_id");

        var job = await ReadAsync(_ann, $"job://{id}");

        Assert.Equal("application/json", job.GetProperty("mimeType").GetString());
        Assert.Equal((await _ann.CallAsync("get_job_status", new { job_id = id })).Raw, job.GetProperty("text").GetString());
    }

    /// <summary>RFC 3986: scheme and host are the same in upper and lower case.</summary>
    [Fact]
    public async Task Scheme_and_host_of_resource_URIs_are_case_insensitive()
    {
        var id = (await _ann.CallAsync("generate_image_and_wait", new { prompt = "in capitals" })).Text("job_id").ToUpperInvariant();

        Assert.Equal("image/jpeg", (await ReadAsync(_ann, $"IMAGE://{id}")).GetProperty("mimeType").GetString());
        Assert.Equal("application/json", (await ReadAsync(_ann, $"Job://{id}")).GetProperty("mimeType").GetString());
        Assert.StartsWith("text/html", (await ReadAsync(_ann, "UI://MCP-Image-Generator/gallery")).GetProperty("mimeType").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Image_resource_of_another_owner_or_of_an_unfinished_job_is_not_found()
    {
        var made = (await _ann.CallAsync("generate_image_and_wait", new { prompt = "ann's" })).Text("job_id");
        var underWay = (await _ann.CallAsync("generate_image", new { prompt = "slow [latency:1m]" })).Text("job_id");

        await AssertNotFoundAsync(_ben, $"image://{made}");
        await AssertNotFoundAsync(_ben, $"job://{made}");
        await AssertNotFoundAsync(_ann, $"image://{underWay}");
        Assert.NotEmpty((await ReadAsync(_ann, $"job://{underWay}")).GetProperty("text").GetString()!);
    }

    [Theory]
    [InlineData("image://01890000-0000-7000-8000-000000000000")]
    [InlineData("image://")]
    [InlineData("image://../../etc/passwd")]
    [InlineData("job://{job_id}")]
    [InlineData("file:///etc/passwd")]
    [InlineData("ui://mcp-image-generator/other")]
    [InlineData("ui://mcp-image-generator/GALLERY")]
    [InlineData("")]
    public Task Unknown_resource_is_not_found(string uri) => AssertNotFoundAsync(_ann, uri);

    [Fact]
    public async Task Resource_list_contains_the_newest_20_images_of_the_owner()
    {
        await _ann.CallAsync("generate_image_and_wait", new { prompt = "an old one", count = 3 });
        var newest = await _ann.CallAsync("generate_image_and_wait", new { prompt = "a new one", count = 19 });
        await _ben.CallAsync("generate_image_and_wait", new { prompt = "ben's" });

        var listed = (await ResultAsync(_ann, "resources/list", new { })).GetProperty("resources").EnumerateArray().ToList();

        Assert.Equal(20, listed.Count);
        Assert.Equal(
            newest.List("results").Select(result => "image://" + result.GetProperty("job_id").GetString()).Reverse(),
            listed.Take(19).Select(resource => resource.GetProperty("uri").GetString()));
        Assert.Equal("a new one", listed[0].GetProperty("title").GetString());
        Assert.Equal("image/jpeg", listed[0].GetProperty("mimeType").GetString());
        Assert.Equal("an old one", listed[19].GetProperty("title").GetString());
    }

    [Theory]
    [InlineData("🐈")]
    [InlineData("e\u0301")]
    public async Task Long_resource_title_is_truncated_between_two_characters(string character)
    {
        await _ann.CallAsync("generate_image_and_wait", new { prompt = "x" + string.Concat(Enumerable.Repeat(character, 100)) });

        var listed = (await _ann.RequestAsync("resources/list")).GetProperty("result").GetProperty("resources").EnumerateArray();

        Assert.Equal("x" + string.Concat(Enumerable.Repeat(character, 79)) + " …", listed.First().GetProperty("title").GetString());
    }

    [Fact]
    public async Task Both_resource_templates_are_listed()
    {
        var templates = (await ResultAsync(_ann, "resources/templates/list", new { })).GetProperty("resourceTemplates");

        Assert.Equal(
            ["image://{job_id}", "job://{job_id}"],
            templates.EnumerateArray().Select(template => template.GetProperty("uriTemplate").GetString()));
    }

    [Fact]
    public async Task Job_ids_in_resource_templates_are_completed_from_the_jobs_of_the_owner()
    {
        var made = (await _ann.CallAsync("generate_image_and_wait", new { prompt = "a paper boat" })).Text("job_id");
        var failed = (await _ann.CallAsync("generate_image_and_wait", new { prompt = "refused [fault:prompt-rejected]" })).Text("job_id");

        Assert.Equal([made], await CompleteAsync(_ann, "image://{job_id}", made[..4]));
        Assert.Equal([failed, made], await CompleteAsync(_ann, "job://{job_id}", ""));
        Assert.Empty(await CompleteAsync(_ann, "job://{job_id}", "x"));
        Assert.Empty(await CompleteAsync(_ben, "job://{job_id}", ""));
    }

    private static async Task<IEnumerable<string?>> CompleteAsync(FetchClient client, string uri, string typed)
    {
        var result = await ResultAsync(
            client, "completion/complete", new { @ref = new { type = "ref/resource", uri }, argument = new { name = "job_id", value = typed } });
        return result.GetProperty("completion").GetProperty("values").EnumerateArray().Select(value => value.GetString());
    }

    private static async Task<JsonElement> ReadAsync(FetchClient client, string uri) =>
        Assert.Single((await ResultAsync(client, "resources/read", new { uri })).GetProperty("contents").EnumerateArray());

    private static async Task AssertNotFoundAsync(FetchClient client, string uri)
    {
        var error = (await client.RequestAsync("resources/read", new { uri })).GetProperty("error");
        Assert.Equal(ResourceNotFound, error.GetProperty("code").GetInt32());
        Assert.Equal("Resource not found.", error.GetProperty("message").GetString());
    }

    private static async Task<JsonElement> ResultAsync(FetchClient client, string method, object parameters)
    {
        var response = await client.RequestAsync(method, parameters);
        return response.TryGetProperty("result", out var result) ? result : throw new InvalidOperationException(response.ToString());
    }
}
