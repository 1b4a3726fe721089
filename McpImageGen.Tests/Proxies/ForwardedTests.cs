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
    public async Task Scheme_host_and_path_of_a_trusted_proxy_are_in_every_link(string trusted)
    {
        await using var server = await RunningStandalone.StartAsync("--Proxy:Trusted=" + trusted);

        Assert.StartsWith("https://img.example.com/img/images/", await LinkAsync(server, Forwarded), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("192.0.2.7")]
    public async Task Nobody_else_is_believed(string trusted)
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
    public async Task A_prefix_that_is_no_path_is_ignored(string prefix)
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
    public async Task A_scheme_that_is_not_of_the_web_is_ignored(string scheme)
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
    public async Task An_invalid_internationalized_host_name_of_a_trusted_proxy_is_rejected(string host, string forwarded)
    {
        await using var server = await RunningStandalone.StartAsync("--Proxy:Trusted=127.0.0.1");

        var (status, _) = await RawRequest.SendAsync(
            server.Http.BaseAddress!, $"GET / HTTP/1.1\r\nHost: {host}\r\nX-Forwarded-For: 192.0.2.1, 127.0.0.1\r\nX-Forwarded-Host: {forwarded}\r\nConnection: close\r\n\r\n");

        Assert.Equal((int)HttpStatusCode.BadRequest, status);
    }

    [Theory]
    [InlineData("/mcp")]
    [InlineData("/img/mcp")]
    public async Task The_base_path_of_the_settings_is_in_every_link_whether_the_proxy_removes_it_or_not(string path)
    {
        await using var server = await RunningStandalone.StartAsync("--Proxy:BasePath=/img/");

        var link = await LinkAsync(server, request => { }, path);

        Assert.StartsWith(server.Http.BaseAddress!.AbsoluteUri + "img/images/", link, StringComparison.Ordinal);
        using var image = await server.Http.GetAsync(link, Cancel);
        Assert.Equal(HttpStatusCode.OK, image.StatusCode);
        Assert.Contains("href=\"/img/gallery\"", await server.Http.GetStringAsync("/img", Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_proxy_that_is_trusted_needs_no_list_of_names_and_the_list_holds_for_the_name_that_it_was_asked_by()
    {
        await using var any = await RunningStandalone.StartAsync("--Proxy:Trusted=127.0.0.1");
        await using var listed = await RunningStandalone.StartAsync("--Proxy:Trusted=127.0.0.1", "--AllowedHosts=img.example.com");

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(any, "img.example.com"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(listed, "img.example.com"));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(listed, "evil.example"));
    }

    [Fact]
    public async Task Who_comes_through_a_proxy_is_not_on_this_machine()
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
    public async Task Guessers_behind_one_proxy_are_told_apart()
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
    public async Task Pages_and_their_forms_work_below_the_path_also_without_a_token_of_the_browser()
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
    public async Task An_app_may_load_images_from_the_address_that_clients_know()
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
