using McpImageGen.Tests.Testing;

namespace McpImageGen.Tests.Standalone;

/// <summary>The page that clients with MCP Apps show with images.</summary>
public sealed class GalleryAppTests(SharedStandalone standalone) : IClassFixture<SharedStandalone>
{
    private const string Uri = "ui://mcp-image-generator/gallery";

    private FetchClient Client => standalone.Server.Client;

    [Theory]
    [InlineData("list_generations", true)]
    [InlineData("generate_image_and_wait", true)]
    [InlineData("wait_for_completion", true)]
    [InlineData("list_jobs", false)]
    public async Task Tools_that_return_images_reference_the_gallery_app(string name, bool shown)
    {
        var tools = (await Client.RequestAsync("tools/list")).GetProperty("result").GetProperty("tools");
        var tool = tools.EnumerateArray().Single(tool => tool.GetProperty("name").GetString() == name);

        Assert.Equal(shown, tool.TryGetProperty("_meta", out var meta));
        if (shown)
        {
            Assert.Equal(Uri, meta.GetProperty("ui").GetProperty("resourceUri").GetString());
            Assert.Equal(Uri, meta.GetProperty("ui/resourceUri").GetString());
        }
    }

    [Fact]
    public async Task Server_announces_the_MCP_Apps_extension()
    {
        var result = (await Client.RequestAsync("initialize", new
        {
            protocolVersion = "2025-11-25",
            capabilities = new { },
            clientInfo = new { name = "test", version = "1" },
        })).GetProperty("result");

        Assert.True(result.GetProperty("capabilities").GetProperty("extensions").TryGetProperty("io.modelcontextprotocol/ui", out _));
    }

    [Fact]
    public async Task Gallery_app_can_load_only_images_of_this_server()
    {
        var result = (await Client.RequestAsync("resources/read", new { uri = Uri })).GetProperty("result");
        var page = Assert.Single(result.GetProperty("contents").EnumerateArray());

        Assert.Equal("text/html;profile=mcp-app", page.GetProperty("mimeType").GetString());
        var allowed = page.GetProperty("_meta").GetProperty("ui").GetProperty("csp").EnumerateObject().Single();
        Assert.Equal("resourceDomains", allowed.Name);
        Assert.Equal(
            standalone.Server.Mcp.GetLeftPart(UriPartial.Authority), Assert.Single(allowed.Value.EnumerateArray()).GetString());
        var html = page.GetProperty("text").GetString()!;
        Assert.DoesNotContain("://", html.Replace("image://", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.DoesNotContain("innerHTML", html, StringComparison.Ordinal);
    }
}
