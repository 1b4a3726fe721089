using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using McpImageGen.Tests.Testing;

namespace McpImageGen.Tests.Pages;

/// <summary>What whoever opens the server in a browser is told, without a token.</summary>
public sealed partial class DiscoveryPageTests(SharedStandalone standalone) : IClassFixture<SharedStandalone>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private FetchClient Client => new(standalone.Server.Http, standalone.Server.Token);

    [Fact]
    public async Task Discovery_page_shows_how_to_connect_each_client_to_this_server()
    {
        var page = await TextOfAsync("/");

        foreach (var client in new[] { "Claude Code", "Claude Desktop", "Cursor", "VS Code", "Codex", "MCP Inspector", "Node.js", "Python", "curl" })
            Assert.Contains($"<summary>{client}</summary>", page, StringComparison.Ordinal);
        Assert.Contains($"claude mcp add --transport http image-generator {standalone.Server.Mcp} --header", page, StringComparison.Ordinal);
        Assert.DoesNotContain(standalone.Server.Token, page, StringComparison.Ordinal);
    }

    /// <summary>Claude Desktop on Windows starts programs through a shell that splits arguments at spaces.</summary>
    [Fact]
    public async Task Claude_Desktop_setup_has_no_argument_with_a_space()
    {
        var page = await TextOfAsync("/");

        var setup = JsonElement.Parse(Regex.Match(page, """(?s)<pre [^>]*aria-label="Claude Desktop"><code>(.*?)</code>""").Groups[1].Value).GetProperty("mcpServers").GetProperty("image-generator");
        Assert.All(setup.GetProperty("args").EnumerateArray(), argument => Assert.DoesNotContain(" ", argument.GetString(), StringComparison.Ordinal));
        Assert.Contains("Authorization:${AUTH}", setup.GetProperty("args").EnumerateArray().Select(argument => argument.GetString()));
        Assert.Equal("Bearer TOKEN", setup.GetProperty("env").GetProperty("AUTH").GetString());
    }

    [Fact]
    public async Task Discovery_page_lists_every_registered_tool_and_argument()
    {
        var page = await TextOfAsync("/");

        var tools = (await Client.RequestAsync("tools/list")).GetProperty("result").GetProperty("tools");
        foreach (var tool in tools.EnumerateArray())
        {
            Assert.Contains($"<code>{tool.GetProperty("name")}</code>", page, StringComparison.Ordinal);
            foreach (var argument in tool.GetProperty("inputSchema").GetProperty("properties").EnumerateObject())
                Assert.Contains($"<code>{argument.Name}</code>", page, StringComparison.Ordinal);
        }

        Assert.Contains("an integer from 1 to 20; default: 1", page, StringComparison.Ordinal);
    }

    [Fact]
    [Slow]
    public async Task Status_shows_connections_workers_and_generation_statistics()
    {
        var made = await Client.CallAsync("generate_image_and_wait", new { prompt = "a status to look at" });
        Assert.True(made.Success, made.Raw);

        // What it shows may be 5 s old.
        var status = await Until.HoldsAsync(() => TextOfAsync("/status"), text => text.Contains("flux-schnell, in the last hour", StringComparison.Ordinal), "the image is counted");

        Assert.Contains("database connected", status, StringComparison.Ordinal);
        Assert.Contains("broker connected", status, StringComparison.Ordinal);
        Assert.Contains("images from the Workers AI emulator", status, StringComparison.Ordinal);
        Assert.Matches(@"Active workers</dt>\s*<dd>1<", status);
        Assert.Matches(@"Images generated</dt>\s*<dd>[1-9]", status);
        Assert.Matches(@"<dd>\d+\.\d s", status);
    }

    [Fact]
    public async Task Discovery_page_has_no_external_resources_and_no_inline_scripts_or_styles()
    {
        using var response = await standalone.Server.Http.GetAsync("/", Cancel);
        var page = await response.Content.ReadAsStringAsync(Cancel);

        var policy = response.Headers.GetValues("Content-Security-Policy").Single();
        Assert.StartsWith("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.DoesNotMatch("<style|style=|onclick=|<script>", page);
        foreach (Match link in Loaded().Matches(page))
        {
            var address = link.Groups["address"].Value;
            Assert.StartsWith("/assets/", address, StringComparison.Ordinal);
            using var asset = await standalone.Server.Http.GetAsync(address, Cancel);
            Assert.Equal(HttpStatusCode.OK, asset.StatusCode);
        }
    }

    private async Task<string> TextOfAsync(string path) =>
        WebUtility.HtmlDecode(await standalone.Server.Http.GetStringAsync(path, Cancel));

    [GeneratedRegex("(<link [^>]*href|<script [^>]*src)=\"(?<address>[^\"]*)\"")]
    private static partial Regex Loaded();
}
