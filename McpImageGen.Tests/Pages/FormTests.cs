using McpImageGen.Tests.Testing;
using McpImageGen.Tests.WorkersAi;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace McpImageGen.Tests.Pages;

/// <summary>Forms of pages are small, and nothing of a larger one is kept.</summary>
public sealed class FormTests(SharedStandalone standalone) : IClassFixture<SharedStandalone>
{
    private Uri Server => standalone.Server.Http.BaseAddress!;

    [Theory]
    [InlineData("/gallery/sign-in", "HTTP/1.1 200 OK")]
    [InlineData("/gallery/sign-out", "HTTP/1.1 303 See Other")]
    public async Task Multipart_form_gets_a_response_before_its_body_is_read(string path, string answer)
    {
        var part = "--b\r\nContent-Disposition: form-data; name=\"token\"; filename=\"a\"\r\n\r\n" + new string('x', 100_000);

        Assert.Equal(answer, await RawRequest.StatusLineAsync(Server, Post(path, "multipart/form-data; boundary=b", 28_000_000, part)));
    }

    [Theory]
    [InlineData("/gallery/sign-in")]
    [InlineData("/gallery/sign-out")]
    public async Task Large_form_is_rejected_before_its_body_is_read(string path) =>
        Assert.Equal("HTTP/1.1 413 Payload Too Large", await RawRequest.StatusLineAsync(Server, Post(path, "application/x-www-form-urlencoded", 28_000_000, "token=x")));

    [Fact]
    public async Task Large_form_of_unknown_length_is_rejected_when_it_exceeds_the_limit()
    {
        var chunk = $"{100_000:x}\r\ntoken={new string('x', 99_994)}\r\n";

        Assert.Equal("HTTP/1.1 413 Payload Too Large", await RawRequest.StatusLineAsync(
            Server, $"POST /gallery/sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\n\r\n{chunk}"));
    }

    [Fact]
    public async Task Prompt_of_1000_multi_byte_characters_is_accepted_by_the_form()
    {
        using var client = await SignedInClient.OfAsync(standalone.Server);

        var page = await client.SendFormAsync("/gallery/generate", "/gallery/generate", ("prompt", string.Concat(Enumerable.Repeat("漢", 1000))), ("model", "flux-schnell"));

        Assert.Equal("/gallery", page.Path);
    }

    [Theory]
    [InlineData("/gallery/sign-in", "Content-Length: 28000000\r\n\r\ntoken=x", 413)]
    [InlineData("/gallery/sign-in", "Transfer-Encoding: chunked\r\n\r\nno size of a chunk\r\n", 400)]
    [InlineData("/mcp", "Transfer-Encoding: chunked\r\n\r\nno size of a chunk\r\n", 400)]
    [InlineData("/gallery/sign-in", "Cookie: NAME=not a token\r\nConnection: close\r\nContent-Length: 28\r\n\r\n__RequestVerificationToken=x", 200)]
    [InlineData("/gallery/sign-in", "Cookie: NAME=bm90IGEgdG9rZW4\r\nConnection: close\r\nContent-Length: 28\r\n\r\n__RequestVerificationToken=x", 200)]
    public async Task Unreadable_request_does_not_log_an_error(string path, string rest, int status)
    {
        using var log = new KeptLogs();
        await using var server = await RunningStandalone.StartAsync(builder => builder.Logging.AddProvider(log));
        var cookie = server.Services.GetRequiredService<IOptions<AntiforgeryOptions>>().Value.Cookie.Name;

        var answer = await RawRequest.SendAsync(server.Http.BaseAddress!, $"POST {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {server.Token}\r\n"
            + "Content-Type: application/x-www-form-urlencoded\r\n" + rest.Replace("NAME", cookie, StringComparison.Ordinal));

        Assert.Equal(status, answer.Status);
        Assert.DoesNotContain(log.Lines, line => line.Level >= LogLevel.Error);
    }

    private static string Post(string path, string type, int length, string start) =>
        $"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {type}\r\nContent-Length: {length}\r\n\r\n{start}";
}
