using McpImageGen.Tests.Testing;
using McpImageGen.Tests.WorkersAi;
using Microsoft.Extensions.Logging;

namespace McpImageGen.Tests.Proxies;

/// <summary>A Host header that is missing or malformed is the client's fault: status 400, and no stack trace in the log.</summary>
public sealed class HostTests
{
    private static readonly string?[] Malformed =
    [
        null, "", " ", "localhost:99999", "localhost:65536", "127.0.0.1:99999", "[::1]:99999", "localhost:-1", "localhost:0", "localhost:port", "localhost:", ":5280",
        "[::1", "[]", "[gg::1]", "::1", "local host", "user@localhost", "localhost/path", "localhost?query", "localhost#fragment", "http://localhost", "localhost,evil.example",
        "xn--", "xn--0", "xn--a-ecp.example", "xn--\u00ff", "\u00e4.example", "%6cocalhost", "a..b", "-", ".", "\"localhost\"", "<script>", new string('a', 5_000) + ".example",
    ];

    [Theory]
    [InlineData("--AllowedHosts=localhost;images.example")]
    [InlineData("--AllowedHosts=*")]
    [InlineData("--AllowedHosts=")]
    public async Task Malformed_host_is_rejected_on_every_path_without_a_stack_trace(string allowed)
    {
        using var logs = new KeptLogs();
        await using var server = await RunningStandalone.StartAsync(
            builder => builder.Logging.AddProvider(logs).AddFilter("Microsoft.AspNetCore", LogLevel.Warning), allowed, "--Auth:Anonymous=true");
        var address = server.Http.BaseAddress!;
        var before = logs.Lines.Count;

        foreach (var host in Malformed)
        {
            foreach (var path in (string[])["/", "/gallery", "/mcp", "/.well-known/mcp/server-card.json", "/images/unknown.png"])
            {
                var (method, body) = path == "/mcp" ? ("POST", """{"jsonrpc":"2.0","id":1,"method":"tools/list"}""") : ("GET", "");
                var header = host is null ? "" : $"Host: {host}\r\n";
                var (status, answer) = await RawRequest.SendAsync(
                    address, $"{method} {path} HTTP/1.1\r\n{header}Connection: close\r\nContent-Length: {body.Length}\r\n\r\n{body}");
                Assert.True(status is 400 or 403, $"{host} {path}: {answer}");
                Assert.DoesNotContain("http:///", answer, StringComparison.Ordinal);
            }
        }

        Assert.All(logs.Lines.Skip(before), line =>
        {
            Assert.True(line.Level < LogLevel.Error, line.Text);
            Assert.DoesNotContain("   at ", line.Text, StringComparison.Ordinal);
        });
    }

    [Theory]
    [InlineData("localhost:99999")]
    [InlineData("")]
    public async Task Malformed_host_forwarded_by_a_trusted_proxy_is_rejected(string host)
    {
        await using var server = await RunningStandalone.StartAsync("--Proxy:Trusted=127.0.0.1");
        var address = server.Http.BaseAddress!;

        var (status, _) = await RawRequest.SendAsync(
            address, $"GET / HTTP/1.1\r\nHost: {host}\r\nX-Forwarded-Host: {host}\r\nX-Forwarded-For: 192.0.2.1\r\nConnection: close\r\n\r\n");

        Assert.Equal(400, status);
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("localhost:80")]
    [InlineData("127.0.0.1:65535")]
    [InlineData("[::1]:5280")]
    [InlineData("my_server.localhost")]
    public async Task Valid_host_is_accepted(string host)
    {
        await using var server = await RunningStandalone.StartAsync();

        var (status, _) = await RawRequest.SendAsync(server.Http.BaseAddress!, $"GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");

        Assert.Equal(200, status);
    }

    [Fact]
    public async Task Health_probe_requires_no_Host_header()
    {
        await using var server = await RunningStandalone.StartAsync("--AllowedHosts=images.example");

        var (status, _) = await RawRequest.SendAsync(server.Http.BaseAddress!, "GET /alive HTTP/1.0\r\n\r\n");

        Assert.Equal(200, status);
    }
}
