using System.Net;
using McpImageGen.Tests.Testing;

namespace McpImageGen.Tests.Auth;

/// <summary>With Auth__Anonymous only programs on this machine call without a token, not those that a proxy on this machine serves.</summary>
public sealed class AnonymousTests
{
    private const string ListTools = """{"jsonrpc":"2.0","id":1,"method":"tools/list"}""";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Via", "1.1 proxy")]
    [InlineData("X-Real-IP", "192.0.2.1")]
    [InlineData("X-Forwarded-For", "192.0.2.1")]
    [InlineData("X-Forwarded-Host", "images.example")]
    [InlineData("X-Forwarded-Port", "443")]
    [InlineData("X-Forwarded-Server", "proxy")]
    [InlineData("Forwarded", "for=192.0.2.1")]
    [InlineData("CF-Connecting-IP", "192.0.2.1")]
    [InlineData("cf-ray", "1")]
    [InlineData("True-Client-IP", "192.0.2.1")]
    [InlineData("X-Client-IP", "192.0.2.1")]
    [InlineData("X-Cluster-Client-IP", "192.0.2.1")]
    [InlineData("Fastly-Client-IP", "192.0.2.1")]
    [InlineData("Fly-Client-IP", "192.0.2.1")]
    [InlineData("X-Envoy-External-Address", "192.0.2.1")]
    [InlineData("Tailscale-User-Login", "ann@example.com")]
    public async Task Forwarded_request_requires_a_token_or_sign_in(string header, string value)
    {
        await using var server = await RunningStandalone.StartAsync("--Auth:Anonymous=true");

        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.Redirect), await StatusesAsync(server, request => request.Headers.TryAddWithoutValidation(header, value)));
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), await StatusesAsync(server, _ => { }));
    }

    [Fact]
    public async Task Request_for_a_non_loopback_host_name_requires_a_token_or_sign_in()
    {
        await using var server = await RunningStandalone.StartAsync("--Auth:Anonymous=true", "--AllowedHosts=images.example;localhost");

        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.Redirect), await StatusesAsync(server, request => request.Headers.Host = "images.example"));
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), await StatusesAsync(server, request => request.Headers.Host = "localhost"));
    }

    [Theory]
    [InlineData("HTTP/1.0", 401, 302)]
    [InlineData("HTTP/1.1", 200, 200)]
    public async Task HTTP_1_0_request_as_sent_by_unconfigured_nginx_requires_a_token_or_sign_in(string protocol, int called, int opened)
    {
        await using var server = await RunningStandalone.StartAsync("--Auth:Anonymous=true");
        var address = server.Http.BaseAddress!;

        var call = await RawRequest.SendAsync(address,
            $"POST /mcp {protocol}\r\nHost: 127.0.0.1:{address.Port}\r\nConnection: close\r\nContent-Length: {ListTools.Length}\r\n\r\n{ListTools}");
        var gallery = await RawRequest.SendAsync(address, $"GET /gallery {protocol}\r\nHost: 127.0.0.1:{address.Port}\r\nConnection: close\r\n\r\n");

        Assert.Equal((called, opened), (call.Status, gallery.Status));
    }

    private static async Task<(HttpStatusCode Call, HttpStatusCode Gallery)> StatusesAsync(RunningStandalone server, Action<HttpRequestMessage> change)
    {
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = server.Http.BaseAddress };
        using var call = await new FetchClient(http, "").PostAsync(ListTools, request =>
        {
            request.Headers.Authorization = null;
            change(request);
        });
        using var page = new HttpRequestMessage(HttpMethod.Get, "/gallery");
        change(page);
        using var gallery = await http.SendAsync(page, Cancel);
        return (call.StatusCode, gallery.StatusCode);
    }
}
