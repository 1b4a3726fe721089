using System.Net;
using System.Net.Http.Headers;
using McpImageGen.Tests.Testing;

namespace McpImageGen.Tests.Standalone;

/// <summary>The link in <c>image_url</c> works as links to files do.</summary>
public sealed class ImageLinkTests(SharedStandalone standalone) : IClassFixture<SharedStandalone>
{
    private HttpClient Http => standalone.Server.Http;

    [Theory]
    [InlineData("flux-schnell", "image/jpeg", new byte[] { 0xFF, 0xD8, 0xFF }, ".jpg")]
    [InlineData("sdxl-lightning", "image/jpeg", new byte[] { 0xFF, 0xD8, 0xFF }, ".jpg")]
    [InlineData("sdxl-base", "image/png", new byte[] { 0x89, (byte)'P', (byte)'N', (byte)'G' }, ".png")]
    public async Task Image_link_has_the_content_type_and_extension_of_the_bytes(string model, string contentType, byte[] start, string ending)
    {
        var url = await GenerateAsync(model);

        using var response = await Http.GetAsync(url, TestContext.Current.CancellationToken);
        var bytes = await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);

        Assert.EndsWith(ending, url, StringComparison.Ordinal);
        Assert.Equal(contentType, response.Content.Headers.ContentType?.ToString());
        Assert.Equal(bytes.Length, response.Content.Headers.ContentLength);
        Assert.Equal(start, bytes[..start.Length]);
        Assert.Equal("max-age=3600, private", response.Headers.CacheControl?.ToString());
    }

    [Fact]
    public async Task Image_response_is_not_cacheable_by_shared_caches_and_a_deleted_image_returns_404()
    {
        var url = await GenerateAsync();
        foreach (var link in (string[])[url, url + ".320.jpg"])
        {
            using var response = await Http.GetAsync(link, TestContext.Current.CancellationToken);
            Assert.True(response.Headers.CacheControl!.Private, link);
            Assert.False(response.Headers.CacheControl.Public, link);
            Assert.InRange(response.Headers.CacheControl.MaxAge!.Value, TimeSpan.FromMinutes(1), TimeSpan.FromDays(1));
            using var same = await SendAsync(link, response.Headers.ETag!);
            Assert.Equal(HttpStatusCode.NotModified, same.StatusCode);
            Assert.True(same.Headers.CacheControl!.Private, link);
        }

        using var before = await Http.GetAsync(url, TestContext.Current.CancellationToken);
        var job = (await standalone.Server.Client.CallAsync("list_generations", new { })).List("generations").First(one => one.GetProperty("image_url").GetString() == url);
        await standalone.Server.Client.CallAsync("delete_generation", new { job_id = job.GetProperty("job_id").GetString() });
        using var after = await SendAsync(url, before.Headers.ETag!);
        Assert.Equal(HttpStatusCode.NotFound, after.StatusCode);

        async Task<HttpResponseMessage> SendAsync(string link, EntityTagHeaderValue tag)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, link) { Headers = { IfNoneMatch = { tag } } };
            return await Http.SendAsync(request, TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task HEAD_request_returns_the_headers_of_the_image_without_a_body()
    {
        var url = await GenerateAsync();
        using var whole = await Http.GetAsync(url, TestContext.Current.CancellationToken);

        using var head = await Http.SendAsync(new HttpRequestMessage(HttpMethod.Head, url), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        Assert.Equal(whole.Content.Headers.ContentLength, head.Content.Headers.ContentLength);
        Assert.Equal(whole.Content.Headers.ContentType, head.Content.Headers.ContentType);
        Assert.Equal(whole.Headers.ETag, head.Headers.ETag);
        Assert.Empty(await head.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Conditional_request_for_an_unchanged_image_returns_304()
    {
        var url = await GenerateAsync();
        using var whole = await Http.GetAsync(url, TestContext.Current.CancellationToken);
        using var again = new HttpRequestMessage(HttpMethod.Get, url);
        again.Headers.IfNoneMatch.Add(whole.Headers.ETag!);

        using var response = await Http.SendAsync(again, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.NotModified, response.StatusCode);
    }

    [Fact]
    public async Task Range_request_returns_a_part_of_the_image()
    {
        var url = await GenerateAsync();
        var whole = await Http.GetByteArrayAsync(url, TestContext.Current.CancellationToken);
        using var part = new HttpRequestMessage(HttpMethod.Get, url);
        part.Headers.Range = new RangeHeaderValue(10, 19);

        using var response = await Http.SendAsync(part, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.PartialContent, response.StatusCode);
        Assert.Equal(whole[10..20], await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        Assert.Equal($"bytes 10-19/{whole.Length}", response.Content.Headers.ContentRange?.ToString());
    }

    [Fact]
    public async Task Every_image_response_allows_cross_origin_reads()
    {
        var url = await GenerateAsync();
        using var shown = await Http.GetAsync(url, TestContext.Current.CancellationToken);
        using var again = new HttpRequestMessage(HttpMethod.Get, url) { Headers = { IfNoneMatch = { shown.Headers.ETag! } } };
        using var unchanged = await Http.SendAsync(again, TestContext.Current.CancellationToken);
        using var missing = await Http.GetAsync("/images/00000000000000000000000000000000.jpg", TestContext.Current.CancellationToken);

        foreach (var response in new[] { shown, unchanged, missing })
        {
            Assert.Equal("*", response.Headers.GetValues("Access-Control-Allow-Origin").Single());
            Assert.Equal("cross-origin", response.Headers.GetValues("Cross-Origin-Resource-Policy").Single());
        }
    }

    [Theory]
    [InlineData("/images/00000000000000000000000000000000.jpg")]
    [InlineData("/images/nonsense")]
    [InlineData("/images/../token")]
    [InlineData("/images/..%2Ftoken")]
    [InlineData("/images/%2e%2e%2ftoken")]
    [InlineData("/images/..%5Ctoken")]
    [InlineData("/images/")]
    public async Task Invalid_image_path_returns_404(string path)
    {
        using var response = await Http.GetAsync(new Uri(Http.BaseAddress + path[1..]), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact]
    public async Task Image_links_start_with_the_configured_public_base_URL()
    {
        await using var server = await RunningStandalone.StartAsync("--Images:PublicBaseUrl=https://images.example/gallery/");

        var done = await server.Client.CallAsync("generate_image_and_wait", new { prompt = "elsewhere" });

        Assert.StartsWith("https://images.example/gallery/images/", done.Text("image_url"), StringComparison.Ordinal);
    }

    private async Task<string> GenerateAsync(string model = "flux-schnell") =>
        (await standalone.Server.Client.CallAsync("generate_image_and_wait", new { prompt = "a file to fetch", model })).Text("image_url");
}
