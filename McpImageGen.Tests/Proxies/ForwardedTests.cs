using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using McpImageGen.Tests.Testing;

namespace McpImageGen.Tests.Proxies;

/// <summary>What the server makes of the headers of proxies, and whose it believes.</summary>
public sealed class ForwardedTests
{
    private const string Prompt = "behind a proxy";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("192.0.2.7, 127.0.0.0/8")]
    [InlineData("private")]
    [InlineData("any")]
    public async Task Image_link_contains_scheme_host_and_path_forwarded_by_a_trusted_proxy(string trusted)
    {
        await using var server = await RunningStandalone.StartAsync("--Proxy:Trusted=" + trusted);

        Assert.StartsWith("https://img.example.com/img/images/", await LinkAsync(server, Forwarded), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("192.0.2.7")]
    public async Task Forwarded_headers_of_an_untrusted_proxy_are_ignored(string trusted)
    {
        await using var server = await RunningStandalone.StartAsync("--Proxy:Trusted=" + trusted);

        Assert.StartsWith(server.Http.BaseAddress!.AbsoluteUri + "images/", await LinkAsync(server, Forwarded), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("//evil.example")]
    [InlineData("https://evil.example")]
    [InlineData("/a/../b")]
    [InlineData("/\\evil.example")]
    [InlineData("img")]
    public async Task Invalid_forwarded_prefix_is_ignored(string prefix)
    {
        await using var server = await RunningStandalone.StartAsync("--Proxy:Trusted=127.0.0.1");

        var link = await LinkAsync(server, request => request.Headers.TryAddWithoutValidation("X-Forwarded-Prefix", prefix));

        Assert.StartsWith(server.Http.BaseAddress!.AbsoluteUri + "images/", link, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("gopher")]
    [InlineData("javascript")]
    [InlineData("https, -1")]
    public async Task Forwarded_scheme_other_than_http_or_https_is_ignored(string scheme)
    {
        await using var server = await RunningStandalone.StartAsync("--Proxy:Trusted=127.0.0.1");

        var link = await LinkAsync(server, request => request.Headers.TryAddWithoutValidation("X-Forwarded-Proto", scheme));
        using var page = new HttpRequestMessage(HttpMethod.Get, "/");
        page.Headers.TryAddWithoutValidation("X-Forwarded-Proto", scheme);
        using var shown = await server.Http.SendAsync(page, Cancel);

        Assert.StartsWith(server.Http.BaseAddress!.AbsoluteUri + "images/", link, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, shown.StatusCode);
    }

    [Theory]
    [InlineData("localhost", "xn--")]
    [InlineData("xn--", "img.example.com")]
    [InlineData("localhost", "img.example.com, xn--a--")]
    public async Task Invalid_internationalized_host_name_from_a_trusted_proxy_is_rejected(string host, string forwarded)
    {
        await using var server = await RunningStandalone.StartAsync("--Proxy:Trusted=127.0.0.1");

        var (status, _) = await RawRequest.SendAsync(
            server.Http.BaseAddress!, $"GET / HTTP/1.1\r\nHost: {host}\r\nX-Forwarded-For: 192.0.2.1, 127.0.0.1\r\nX-Forwarded-Host: {forwarded}\r\nConnection: close\r\n\r\n");

        Assert.Equal((int)HttpStatusCode.BadRequest, status);
    }

    [Theory]
    [InlineData("/mcp")]
    [InlineData("/img/mcp")]
    public async Task Links_contain_the_configured_base_path_whether_or_not_the_proxy_removes_it(string path)
    {
        await using var server = await RunningStandalone.StartAsync("--Proxy:BasePath=/img/");

        var link = await LinkAsync(server, request => { }, path);

        Assert.StartsWith(server.Http.BaseAddress!.AbsoluteUri + "img/images/", link, StringComparison.Ordinal);
        using var image = await server.Http.GetAsync(link, Cancel);
        Assert.Equal(HttpStatusCode.OK, image.StatusCode);
        Assert.Contains("href=\"/img/gallery\"", await server.Http.GetStringAsync("/img", Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Trusted_proxy_requires_no_AllowedHosts_and_AllowedHosts_applies_to_the_forwarded_host()
    {
        await using var any = await RunningStandalone.StartAsync("--Proxy:Trusted=127.0.0.1");
        await using var listed = await RunningStandalone.StartAsync("--Proxy:Trusted=127.0.0.1", "--AllowedHosts=img.example.com");

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(any, "img.example.com"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(listed, "img.example.com"));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(listed, "evil.example"));
    }

    [Fact]
    public async Task Anonymous_access_is_denied_to_requests_through_a_proxy()
    {
        await using var server = await RunningStandalone.StartAsync("--Auth:Anonymous=true", "--Proxy:Trusted=127.0.0.1");
        (string, string)[] headers =
        [
            ("X-Forwarded-For", "127.0.0.1"), ("X-Forwarded-Host", "localhost"), ("X-Forwarded-Proto", "http"), ("X-Forwarded-Proto", "-1"),
            ("X-Forwarded-Prefix", "/a"), ("X-Forwarded-Prefix", "a"),
        ];
        foreach (var (name, value) in headers)
        {
            using var response = await server.Client.PostAsync(Call(), request =>
            {
                request.Headers.Authorization = null;
                request.Headers.TryAddWithoutValidation(name, value);
            });
            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        }
    }

    [Fact]
    public async Task Failed_logins_behind_one_proxy_are_limited_per_forwarded_address()
    {
        await using var server = await RunningStandalone.StartAsync("--Proxy:Trusted=127.0.0.1", "--Limits:FailedLoginsPerMinute=1");
        var guesser = new FetchClient(server.Http, "guess");

        Assert.Equal(HttpStatusCode.Unauthorized, await GuessAsync("192.0.2.1"));
        Assert.Equal(HttpStatusCode.TooManyRequests, await GuessAsync("192.0.2.1"));
        Assert.Equal(HttpStatusCode.Unauthorized, await GuessAsync("192.0.2.2"));

        async Task<HttpStatusCode> GuessAsync(string address)
        {
            using var response = await guesser.PostAsync(Call(), request => request.Headers.Add("X-Forwarded-For", address));
            return response.StatusCode;
        }
    }

    [Fact]
    public async Task Pages_and_cookies_use_the_forwarded_path_prefix()
    {
        await using var server = await RunningStandalone.StartAsync("--Proxy:Trusted=127.0.0.1", "--Auth:Anonymous=true");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/gallery/sign-in") { Content = new FormUrlEncodedContent([]) };
        Forwarded(request);
        request.Headers.Add("Origin", "https://img.example.com");

        using var own = await server.Http.SendAsync(request, Cancel);

        Assert.Equal(HttpStatusCode.OK, own.StatusCode);
        Assert.Contains("/img/assets/pages.css", await own.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        Assert.All(own.Headers.GetValues("Set-Cookie"), cookie =>
        {
            Assert.Contains("path=/img;", cookie, StringComparison.Ordinal);
            Assert.Contains("secure", cookie, StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task MCP_app_may_load_images_from_the_forwarded_address()
    {
        await using var server = await RunningStandalone.StartAsync("--Proxy:Trusted=127.0.0.1");

        var page = await server.Client.RequestAsync("resources/read", new { uri = "ui://mcp-image-generator/gallery" }, Forwarded);

        var csp = page.GetProperty("result").GetProperty("contents")[0].GetProperty("_meta").GetProperty("ui").GetProperty("csp");
        Assert.Equal("https://img.example.com", Assert.Single(csp.GetProperty("resourceDomains").EnumerateArray()).GetString());
    }

    private static void Forwarded(HttpRequestMessage request)
    {
        request.Headers.Add("X-Forwarded-For", "192.0.2.1");
        request.Headers.Add("X-Forwarded-Proto", "https");
        request.Headers.Add("X-Forwarded-Host", "img.example.com");
        request.Headers.Add("X-Forwarded-Prefix", "/img/");
    }

    private static string Call(string tool = "list_jobs", object? arguments = null) =>
        JsonSerializer.Serialize(new { jsonrpc = "2.0", id = 1, method = "tools/call", @params = new { name = tool, arguments = arguments ?? new { } } });

    private static async Task<string> LinkAsync(RunningStandalone server, Action<HttpRequestMessage> change, string path = "/mcp")
    {
        using var response = await new FetchClient(server.Http, server.Token, path).PostAsync(Call("generate_image_and_wait", new { prompt = Prompt }), change);
        return ToolOutcome.Of((await response.Content.ReadFromJsonAsync<JsonElement>(Cancel)).GetProperty("result")).Text("image_url");
    }

    private static async Task<HttpStatusCode> StatusAsync(RunningStandalone server, string host)
    {
        using var response = await server.Client.PostAsync(Call(), request => request.Headers.Add("X-Forwarded-Host", host));
        return response.StatusCode;
    }
}
