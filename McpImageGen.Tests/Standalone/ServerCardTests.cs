using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using McpImageGen.Tests.Testing;

namespace McpImageGen.Tests.Standalone;

/// <summary>What a client may know before it connects: the server's card (SEP-2127) and the host's catalog that names it.</summary>
public sealed partial class ServerCardTests(SharedStandalone standalone) : IClassFixture<SharedStandalone>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private RunningStandalone Server => standalone.Server;

    [Fact]
    public async Task Catalog_links_to_the_server_card_and_the_card_to_the_server()
    {
        var catalog = await Server.Http.GetFromJsonAsync<JsonElement>("/.well-known/ai-catalog.json", Cancel);
        var entry = Assert.Single(catalog.GetProperty("entries").EnumerateArray());
        using var response = await Server.Http.GetAsync(entry.GetProperty("url").GetString(), Cancel);

        Assert.Equal(entry.GetProperty("type").GetString(), response.Content.Headers.ContentType?.MediaType);
        var card = await response.Content.ReadFromJsonAsync<JsonElement>(Cancel);
        Assert.Equal("https://static.modelcontextprotocol.io/schemas/v1/server-card.schema.json", card.GetProperty("$schema").GetString());
        Assert.Matches(CardName(), card.GetProperty("name").GetString());
        Assert.InRange(card.GetProperty("description").GetString()!.Length, 1, 100);
        var remotes = card.GetProperty("remotes").EnumerateArray().ToList();
        Assert.Equal([Server.Mcp.AbsoluteUri, new Uri(Server.Http.BaseAddress!, "/sse").AbsoluteUri], remotes.Select(remote => remote.GetProperty("url").GetString()));
        Assert.DoesNotContain(Server.Token, card.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Server_card_matches_the_server_info_and_supported_versions()
    {
        var card = await Server.Http.GetFromJsonAsync<JsonElement>("/mcp/server-card", Cancel);

        foreach (var version in card.GetProperty("remotes")[0].GetProperty("supportedProtocolVersions").EnumerateArray().Select(version => version.GetString()!))
        {
            var answer = await Server.Client.RequestAsync("initialize", new { protocolVersion = version, capabilities = new { }, clientInfo = new { name = "test", version = "1" } });
            var info = answer.GetProperty("result").GetProperty("serverInfo");
            Assert.Equal(info.GetProperty("version").GetString(), card.GetProperty("version").GetString());
            Assert.EndsWith("/" + info.GetProperty("name").GetString(), card.GetProperty("name").GetString(), StringComparison.Ordinal);
            Assert.Contains(answer.GetProperty("result").GetProperty("protocolVersion").GetString(), new[] { version, "2025-11-25" });
        }
    }

    [Theory]
    [InlineData("/mcp/server-card")]
    [InlineData("/.well-known/mcp/server-card")]
    [InlineData("/.well-known/mcp/server-card.json")]
    [InlineData("/.well-known/ai-catalog.json")]
    public async Task Server_card_and_catalog_allow_cross_origin_reads_and_conditional_requests(string path)
    {
        using var first = await Server.Http.GetAsync(path, Cancel);
        using var again = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { IfNoneMatch = { first.Headers.ETag! } } };
        using var second = await Server.Http.SendAsync(again, Cancel);

        Assert.Equal("*", first.Headers.GetValues("Access-Control-Allow-Origin").Single());
        Assert.Equal("public, max-age=3600", first.Headers.CacheControl?.ToString());
        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
    }

    [Fact]
    public async Task Server_card_behind_a_proxy_contains_the_public_address_and_name()
    {
        await using var server = await RunningStandalone.StartAsync("--Proxy:Trusted=127.0.0.1");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/mcp/server-card")
        {
            Headers = { { "X-Forwarded-Proto", "https" }, { "X-Forwarded-Host", "img.example.com" }, { "X-Forwarded-Prefix", "/img" } },
        };

        using var response = await server.Http.SendAsync(request, Cancel);

        var card = await response.Content.ReadFromJsonAsync<JsonElement>(Cancel);
        Assert.Equal("com.example.img/mcp-image-generator", card.GetProperty("name").GetString());
        Assert.Equal("https://img.example.com/img/mcp", card.GetProperty("remotes")[0].GetProperty("url").GetString());
    }

    [Theory]
    [InlineData("--Auth:Anonymous=false", true)]
    [InlineData("--Auth:Anonymous=true", false)]
    public async Task Server_card_states_whether_a_token_is_required(string setting, bool isRequired)
    {
        await using var server = await RunningStandalone.StartAsync(setting);

        var card = await server.Http.GetFromJsonAsync<JsonElement>("/mcp/server-card", Cancel);

        Assert.All(card.GetProperty("remotes").EnumerateArray(), remote =>
            Assert.Equal(isRequired, remote.GetProperty("headers")[0].GetProperty("isRequired").GetBoolean()));
    }

    /// <summary>From the card's schema.</summary>
    [GeneratedRegex("^[a-zA-Z0-9.-]+/[a-zA-Z0-9._-]+$")]
    private static partial Regex CardName();
}
