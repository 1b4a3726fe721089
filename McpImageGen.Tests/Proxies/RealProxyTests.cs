using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using McpImageGen.Tests.Pages.Browser;
using McpImageGen.Tests.Testing;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace McpImageGen.Tests.Proxies;

/// <summary>What clients and people see of a server behind nginx and Caddy, at a name of its own and below a path.</summary>
[Collection<InBrowser>]
[Slow]
public sealed class RealProxyTests(ProxiedServers servers, Chromium chromium) : IClassFixture<ProxiedServers>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static TheoryData<string> All => ProxiedServers.All;

    [Theory]
    [MemberData(nameof(All))]
    public async Task Image_link_contains_the_address_of_the_proxy_and_works(string proxy)
    {
        var server = await servers.BehindAsync(proxy);

        var link = (await server.Client.CallAsync("generate_image_and_wait", new { prompt = "seen from afar" })).Text("image_url");

        Assert.StartsWith(server.Address.AbsoluteUri + "images/", link, StringComparison.Ordinal);
        using var image = await server.Http.GetAsync(link, Cancel);
        Assert.Equal("image/jpeg", image.Content.Headers.ContentType?.MediaType);
        Assert.Equal("*", image.Headers.GetValues("Access-Control-Allow-Origin").Single());
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task SSE_transport_works_through_the_proxy_without_buffering(string proxy)
    {
        var server = await servers.BehindAsync(proxy);

        using var stream = await SseClient.OpenAsync(server.Http, server.Server.Token, "sse");
        await stream.CallAsync(1, "list_jobs", new { });

        Assert.Equal(1, (await stream.MessageAsync()).GetProperty("id").GetInt32());
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Progress_notification_arrives_through_the_proxy_before_the_job_finishes(string proxy)
    {
        var server = await servers.BehindAsync(proxy);
        var job = (await server.Client.CallAsync("generate_image", new { prompt = "not yet [latency:10m]" })).Text("job_id");
        using var request = WaitFor(server, job, "application/json, text/event-stream");

        using var response = await server.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancel);
        using var events = new StreamReader(await response.Content.ReadAsStreamAsync(Cancel));
        string? line;
        do
            line = await events.ReadLineAsync(Cancel);
        while (line is not null && !line.StartsWith("data: ", StringComparison.Ordinal));

        Assert.Equal("notifications/progress", JsonElement.Parse(line!["data: ".Length..]).GetProperty("method").GetString());
        await server.Client.CallAsync("cancel_job", new { job_id = job });
        Assert.Contains("\"isError\":true", await events.ReadToEndAsync(Cancel), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task JSON_client_gets_keep_alive_bytes_through_the_proxy(string proxy)
    {
        var server = await servers.BehindAsync(proxy);
        var job = (await server.Client.CallAsync("generate_image", new { prompt = "not yet [latency:10m]" })).Text("job_id");
        using var request = WaitFor(server, job, "application/json");

        using var response = await server.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancel);
        await using var answer = await response.Content.ReadAsStreamAsync(Cancel);

        Assert.Equal(' ', answer.ReadByte());
        await server.Client.CallAsync("cancel_job", new { job_id = job });
        using var document = await JsonDocument.ParseAsync(answer, cancellationToken: Cancel);
        Assert.Equal(1, document.RootElement.GetProperty("id").GetInt32());
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Client_without_a_token_finds_the_identity_provider_through_the_proxy(string proxy)
    {
        var server = await servers.BehindAsync(proxy);

        using var refused = await server.Http.PostAsJsonAsync("mcp", new { jsonrpc = "2.0", id = 1, method = "tools/list" }, Cancel);

        var metadata = $"{server.Address}.well-known/oauth-protected-resource/mcp";
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.Contains($"resource_metadata=\"{metadata}\"", refused.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
        var found = await server.Http.GetFromJsonAsync<JsonElement>(metadata, Cancel);
        Assert.Equal(server.Address + "mcp", found.GetProperty("resource").GetString());
        Assert.Equal(server.Issuer, Assert.Single(found.GetProperty("authorization_servers").EnumerateArray()).GetString());
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Too_large_request_through_the_proxy_is_rejected_by_the_server_with_the_limit(string proxy)
    {
        var server = await servers.BehindAsync(proxy);

        using var large = await server.Client.PostAsync(Padded(990_000));
        using var tooLarge = await server.Client.PostAsync(Padded(3_000_000));

        Assert.Equal(HttpStatusCode.OK, large.StatusCode);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, tooLarge.StatusCode);
        Assert.Contains("larger than 1000000 bytes", await tooLarge.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Sign_in_image_generation_and_gallery_work_in_a_browser_through_the_proxy(string proxy)
    {
        var server = await servers.BehindAsync(proxy);
        await using var browser = await chromium.NewContextAsync(new() { BaseURL = server.Address.AbsoluteUri });
        var visitor = await Visitor.ComeAsync(browser, server.Client);

        await visitor.OpenAsync(server.Address.AbsoluteUri);
        await Expect(visitor.Page.Locator(".facts code").First).ToHaveTextAsync(server.Address + "mcp");
        await visitor.FollowAsync("Gallery");
        await visitor.EnterAsync(server.Server.Token);
        await visitor.FollowAsync("Generate images");
        await visitor.Page.GetByLabel("Prompt", new() { Exact = true }).FillAsync($"made behind {proxy} [latency:1s]");
        await visitor.PressAsync("Generate");
        await Expect(visitor.Page.GetByRole(AriaRole.Heading, new() { Name = "Gallery", Exact = true })).ToBeVisibleAsync();
        var cookies = await browser.CookiesAsync();
        await visitor.ClickAsync(visitor.Page.Locator("#cards > li img[alt*='made behind']").First);
        await Expect(visitor.Page.Locator("img.large")).ToBeVisibleAsync();
        Assert.True(await visitor.Page.Locator("img.large").EvaluateAsync<bool>("image => image.decode().then(() => image.naturalWidth > 0)"));
        await visitor.OpenAsync(server.Address + "gallery");
        await visitor.PressAsync("Sign out");
        await Expect(visitor.Page.GetByLabel("Your token")).ToBeVisibleAsync();

        Assert.Contains(cookies, cookie => cookie.Name.StartsWith("mcpimagegen-", StringComparison.Ordinal));
        Assert.All(cookies, cookie =>
        {
            Assert.True(cookie.Secure, cookie.Name);
            Assert.Equal(server.Address.AbsolutePath is "/" ? "/" : "/img", cookie.Path);
        });
        Assert.Empty(visitor.Problems);
    }

    private static HttpRequestMessage WaitFor(ProxiedServer server, string job, string accept) => new(HttpMethod.Post, "mcp")
    {
        Content = JsonContent.Create(new
        {
            jsonrpc = "2.0",
            id = 1,
            method = "tools/call",
            @params = new { name = "wait_for_completion", arguments = new { job_id = job }, _meta = new { progressToken = "a" } },
        }),
        Headers = { { "Accept", accept }, { "Authorization", "Bearer " + server.Server.Token } },
    };

    private static string Padded(int length) => """{"jsonrpc":"2.0","id":1,"method":"ping","params":{"_meta":{"padding":"PAD"}}}"""
        .Replace("PAD", new string('x', length), StringComparison.Ordinal);
}
