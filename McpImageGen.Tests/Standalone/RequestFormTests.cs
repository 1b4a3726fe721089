using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json;
using McpImageGen.Tests.Testing;

namespace McpImageGen.Tests.Standalone;

/// <summary>The forms in which JSON, JSON-RPC and HTTP let a client write one and the same request.</summary>
public sealed class RequestFormTests(SharedStandalone standalone) : IClassFixture<SharedStandalone>
{
    private const string Ping = """{"jsonrpc":"2.0","id":1,"method":"ping"}""";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private FetchClient Client => standalone.Server.Client;

    [Theory]
    [InlineData("tools/list", "tools")]
    [InlineData("resources/list", "resources")]
    [InlineData("resources/templates/list", "resourceTemplates")]
    [InlineData("prompts/list", "prompts")]
    public async Task List_request_with_null_params_is_accepted(string method, string list)
    {
        var answer = await AnswerAsync($$"""{"jsonrpc":"2.0","id":1,"method":"{{method}}","params":null}""");

        Assert.Equal(JsonValueKind.Array, answer.GetProperty("result").GetProperty(list).ValueKind);
    }

    [Theory]
    [InlineData("ping", true)]
    [InlineData("tools/call", false)]
    [InlineData("initialize", false)]
    public async Task Null_params_are_rejected_only_if_the_method_requires_params(string method, bool isAnswered)
    {
        var answer = await AnswerAsync($$"""{"jsonrpc":"2.0","id":1,"method":"{{method}}","params":null}""");

        if (isAnswered)
            Assert.True(answer.TryGetProperty("result", out _), answer.ToString());
        else
            Assert.Equal(-32602, answer.GetProperty("error").GetProperty("code").GetInt32());
    }

    /// <summary>MCP: "Invalid cursors SHOULD result in an error with code -32602". No list here has more than one page.</summary>
    [Theory]
    [InlineData("tools/list")]
    [InlineData("resources/list")]
    [InlineData("resources/templates/list")]
    [InlineData("prompts/list")]
    public async Task Unknown_cursor_is_rejected(string method)
    {
        var refused = await Client.RequestAsync(method, new { cursor = "abc" });
        var absent = await Client.RequestAsync(method, new { cursor = (string?)null });

        Assert.Equal(-32602, refused.GetProperty("error").GetProperty("code").GetInt32());
        Assert.Contains("'abc'", refused.GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.True(absent.TryGetProperty("result", out _), absent.ToString());
    }

    /// <summary>MCP, "Version Negotiation": the server answers with the latest version that it supports, and the client decides.</summary>
    [Theory]
    [InlineData("2099-01-01", "2025-11-25")]
    [InlineData("2026-07-28", "2025-11-25")]
    [InlineData("2025-11-25", "2025-11-25")]
    [InlineData("2025-03-26", "2025-03-26")]
    public async Task Initialize_with_a_newer_version_negotiates_2025_11_25(string asked, string answered)
    {
        var answer = await Client.RequestAsync("initialize", new { protocolVersion = asked, capabilities = new { }, clientInfo = new { name = "test", version = "1" } });

        Assert.Equal(answered, answer.GetProperty("result").GetProperty("protocolVersion").GetString());
    }

    /// <summary>JSON-RPC: the id of the answer "MUST be the same as the value" of the request's; as numbers, 1.0 and 1 are.</summary>
    [Theory]
    [InlineData("1.0", 1)]
    [InlineData("7e0", 7)]
    [InlineData("120e-1", 12)]
    [InlineData("-3.000", -3)]
    public async Task Whole_number_in_any_notation_is_accepted_as_a_request_id(string id, long value)
    {
        var answer = await AnswerAsync($$"""{"jsonrpc":"2.0","id":{{id}},"method":"ping"}""");

        Assert.Equal(value, answer.GetProperty("id").GetInt64());
        Assert.True(answer.TryGetProperty("result", out _), answer.ToString());
    }

    [Theory]
    [InlineData("1.5")]
    [InlineData("1e300")]
    [InlineData("9223372036854775808")]
    [InlineData("true")]
    [InlineData("null")]
    public async Task Invalid_request_id_is_rejected(string id)
    {
        using var response = await Client.PostAsync($$"""{"jsonrpc":"2.0","id":{{id}},"method":"ping"}""");

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var error = (await JsonOf(response)).GetProperty("error");
        Assert.Equal(-32600, error.GetProperty("code").GetInt32());
        Assert.Contains("\"id\"", error.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Progress_token_can_be_a_whole_number_in_decimal_notation()
    {
        var job = (await Client.CallAsync("generate_image", new { prompt = "slow [latency:10m]" })).Text("job_id");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/mcp")
        {
            Content = new StringContent($$$$"""
                {"jsonrpc":"2.0","id":1,"method":"tools/call",
                 "params":{"name":"wait_for_completion","arguments":{"job_id":"{{{{job}}}}"},"_meta":{"progressToken":5.0}}}
                """),
            Headers = { Authorization = new("Bearer", standalone.Server.Token), Accept = { new("text/event-stream") } },
        };

        using var response = await standalone.Server.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancel);
        using var events = new StreamReader(await response.Content.ReadAsStreamAsync(Cancel));
        string? line;
        do
            line = await events.ReadLineAsync(Cancel);
        while (line is not null && !line.StartsWith("data: ", StringComparison.Ordinal));
        await Client.CallAsync("cancel_job", new { job_id = job });

        var progress = JsonElement.Parse(line!["data: ".Length..]);
        Assert.Equal("notifications/progress", progress.GetProperty("method").GetString());
        Assert.Equal(5, progress.GetProperty("params").GetProperty("progressToken").GetInt32());
    }

    /// <summary>RFC 8259: whoever reads JSON may ignore a byte order mark.</summary>
    [Fact]
    public async Task Byte_order_mark_before_the_request_is_ignored()
    {
        using var response = await Client.PostAsync(Ping, request => request.Content = new ByteArrayContent([.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(Ping)]));

        Assert.Equal(1, (await JsonOf(response)).GetProperty("id").GetInt32());
    }

    [Fact]
    public async Task Request_in_an_encoding_other_than_UTF_8_is_rejected_with_the_reason()
    {
        using var response = await Client.PostAsync(Ping, request => request.Content = new ByteArrayContent([.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes(Ping)]));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("UTF-8", (await JsonOf(response)).GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    /// <summary>RFC 9110, 15.5.16: 415, with the encodings that are taken in Accept-Encoding.</summary>
    [Theory]
    [InlineData("/mcp", "gzip", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("/sse", "br, gzip", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("/mcp", "identity", HttpStatusCode.OK)]
    public async Task Compressed_request_is_rejected_with_the_accepted_encoding(string path, string encoding, HttpStatusCode status)
    {
        using var compressed = new MemoryStream();
        await using (var gzip = new GZipStream(compressed, CompressionMode.Compress, leaveOpen: true))
            await gzip.WriteAsync(Encoding.UTF8.GetBytes(Ping), Cancel);
        var body = encoding == "identity" ? Encoding.UTF8.GetBytes(Ping) : compressed.ToArray();

        using var response = await new FetchClient(standalone.Server.Http, standalone.Server.Token, path).PostAsync(Ping, request =>
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.Add("Content-Encoding", encoding);
        });

        Assert.Equal(status, response.StatusCode);
        if (status == HttpStatusCode.OK)
            return;
        Assert.Equal("identity", response.Headers.GetValues("Accept-Encoding").Single());
        Assert.Contains("Content-Encoding", (await JsonOf(response)).GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    private async Task<JsonElement> AnswerAsync(string request)
    {
        using var response = await Client.PostAsync(request);
        return await JsonOf(response);
    }

    private static async Task<JsonElement> JsonOf(HttpResponseMessage response) =>
        JsonElement.Parse(await response.Content.ReadAsByteArrayAsync(Cancel));
}
