using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using McpImageGen.Tests.Testing;

namespace McpImageGen.Tests.Standalone;

/// <summary>Every way in which a client of the seed service may post, and what MCP clients expect.</summary>
public sealed class TransportTests(SharedStandalone standalone) : IClassFixture<SharedStandalone>
{
    private const string List = """{"jsonrpc":"2.0","id":"a","method":"tools/list"}""";

    private FetchClient Client => standalone.Server.Client;

    [Theory]
    [InlineData("*/*")]
    [InlineData("application/json")]
    [InlineData("text/html")]
    [InlineData(null)]
    public async Task Client_that_does_not_accept_event_streams_gets_JSON(string? accept)
    {
        using var response = await Client.PostAsync(List, request =>
        {
            request.Headers.Accept.Clear();
            if (accept is not null)
                request.Headers.Accept.ParseAdd(accept);
        });

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal("a", (await JsonOf(response)).GetProperty("id").GetString());
    }

    [Theory]
    [InlineData("application/json, text/event-stream")]
    [InlineData("text/event-stream")]
    public async Task Client_that_accepts_event_streams_gets_an_event_stream(string accept)
    {
        using var response = await Client.PostAsync(List, request =>
        {
            request.Headers.Accept.Clear();
            request.Headers.Accept.ParseAdd(accept);
        });

        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        Assert.Contains("data: {", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData(null)]
    public async Task Request_content_type_is_ignored(string? contentType)
    {
        using var response = await Client.PostAsync(
            List, request => request.Content!.Headers.ContentType = contentType is null ? null : new MediaTypeHeaderValue(contentType));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.NotEqual(0, (await JsonOf(response)).GetProperty("result").GetProperty("tools").GetArrayLength());
    }

    [Fact]
    public async Task Unknown_session_id_is_ignored()
    {
        using var response = await Client.PostAsync(List, request => request.Headers.Add("Mcp-Session-Id", "long-gone"));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData("2025-03-26")]
    [InlineData("2025-06-18")]
    [InlineData("2025-11-25")]
    public async Task Call_with_a_protocol_version_header_needs_no_initialize(string version)
    {
        using var response = await Client.PostAsync(List, request => request.Headers.Add("MCP-Protocol-Version", version));

        Assert.NotEqual(0, (await JsonOf(response)).GetProperty("result").GetProperty("tools").GetArrayLength());
    }

    [Fact]
    public async Task Unknown_protocol_version_header_is_rejected_with_the_supported_versions()
    {
        using var response = await Client.PostAsync(List, request => request.Headers.Add("MCP-Protocol-Version", "1999-01-01"));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var error = (await JsonOf(response)).GetProperty("error");
        Assert.Contains("1999-01-01", error.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Contains(error.GetProperty("data").GetProperty("supported").EnumerateArray(), version => version.ValueEquals("2026-07-28"));
    }

    [Fact]
    public async Task Initialize_with_an_unknown_version_negotiates_2025_11_25()
    {
        var answer = await Client.RequestAsync("initialize", new
        {
            protocolVersion = "1999-01-01",
            capabilities = new { },
            clientInfo = new { name = "test", version = "1" },
        });

        Assert.Equal("2025-11-25", answer.GetProperty("result").GetProperty("protocolVersion").GetString());
    }

    [Theory]
    [InlineData("initialize", "{}")]
    [InlineData("initialize", """{"protocolVersion":1,"capabilities":{},"clientInfo":{"name":"a","version":"1"}}""")]
    [InlineData("logging/setLevel", "{}")]
    [InlineData("completion/complete", """{"ref":1}""")]
    [InlineData("prompts/get", "{}")]
    [InlineData("prompts/get", """{"name":null}""")]
    [InlineData("resources/read", "{}")]
    [InlineData("resources/read", """{"uri":null}""")]
    [InlineData("completion/complete", """{"ref":{"type":"ref/prompt","name":"series"},"argument":null}""")]
    [InlineData("completion/complete", """{"ref":{"type":"ref/prompt","name":"series"},"argument":{"name":"model","value":null}}""")]
    public async Task Invalid_method_parameters_return_the_invalid_params_error(string method, string parameters)
    {
        var error = (await Client.RequestAsync(method, JsonElement.Parse(parameters))).GetProperty("error");

        Assert.Equal(-32602, error.GetProperty("code").GetInt32());
        Assert.Contains(method, error.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/mcp/")]
    [InlineData("/MCP")]
    public async Task MCP_path_is_accepted_with_a_trailing_slash_and_in_upper_case(string path)
    {
        var client = new FetchClient(standalone.Server.Http, standalone.Server.Token, path);

        Assert.True((await client.CallAsync("list_jobs", new { })).Success);
    }

    [Fact]
    public async Task SSE_path_accepts_the_same_POST_requests()
    {
        var sse = new FetchClient(standalone.Server.Http, standalone.Server.Token, "/sse");

        Assert.True((await sse.CallAsync("generate_image_and_wait", new { prompt = "by the other door" })).Success);
    }

    [Fact]
    public async Task Notification_returns_202_without_a_body()
    {
        using var response = await Client.PostAsync("""{"jsonrpc":"2.0","method":"notifications/initialized"}""");

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task JSON_client_gets_keep_alive_spaces_during_a_wait()
    {
        await using var server = await RunningStandalone.StartAsync("--Mcp:KeepAliveEvery=00:00:00.020");

        using var response = await server.Client.PostAsync(WaitFor("slow [latency:400ms]"));

        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.StartsWith("  ", body, StringComparison.Ordinal);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        Assert.True(ToolOutcome.Of(JsonElement.Parse(body).GetProperty("result")).Success);
    }

    [Fact]
    public async Task Event_stream_client_gets_keep_alive_comments_during_a_wait()
    {
        await using var server = await RunningStandalone.StartAsync("--Mcp:KeepAliveEvery=00:00:00.020");

        using var response = await server.Client.PostAsync(
            WaitFor("slow [latency:400ms]"), request => request.Headers.Accept.ParseAdd("text/event-stream"));

        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Contains(": keep-alive\n\n: keep-alive\n\n", body, StringComparison.Ordinal);
        Assert.True(ToolOutcome.Of(Assert.Single(EventStreamBody.Messages(body)).GetProperty("result")).Success);
    }

    [Fact]
    public async Task Health_requires_no_token()
    {
        var health = JsonElement.Parse(await standalone.Server.Http.GetStringAsync("/health", TestContext.Current.CancellationToken));

        Assert.Equal("healthy", health.GetProperty("status").GetString());
        Assert.Equal("1.0.0", health.GetProperty("version").GetString());
        Assert.Equal("standalone", health.GetProperty("architecture").GetString());
        Assert.InRange(health.GetProperty("timestamp").GetDateTimeOffset(), DateTimeOffset.UtcNow.AddMinutes(-1), DateTimeOffset.UtcNow);
    }

    [Fact]
    public async Task Browser_of_any_origin_can_call_with_CORS()
    {
        using var preflight = new HttpRequestMessage(HttpMethod.Options, "/mcp");
        preflight.Headers.Add("Origin", "https://app.example");
        preflight.Headers.Add("Access-Control-Request-Method", "POST");
        preflight.Headers.Add("Access-Control-Request-Headers", "authorization,content-type,mcp-protocol-version");

        using var allowed = await standalone.Server.Http.SendAsync(preflight, TestContext.Current.CancellationToken);
        using var called = await Client.PostAsync(List, request => request.Headers.Add("Origin", "https://app.example"));

        Assert.Equal("*", allowed.Headers.GetValues("Access-Control-Allow-Origin").Single());
        Assert.Equal("authorization,content-type,mcp-protocol-version", allowed.Headers.GetValues("Access-Control-Allow-Headers").Single());
        Assert.Equal("*", called.Headers.GetValues("Access-Control-Allow-Origin").Single());
    }

    [Fact]
    public async Task Browser_can_read_the_401_response_to_an_invalid_token()
    {
        using var response = await Client.PostAsync(List, request =>
        {
            request.Headers.Add("Origin", "https://app.example");
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", "wrong");
        });

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("*", response.Headers.GetValues("Access-Control-Allow-Origin").Single());
    }

    private static string WaitFor(string prompt) => JsonSerializer.Serialize(new
    {
        jsonrpc = "2.0",
        id = 1,
        method = "tools/call",
        @params = new { name = "generate_image_and_wait", arguments = new { prompt } },
    });

    private static async Task<JsonElement> JsonOf(HttpResponseMessage response) =>
        JsonElement.Parse(Encoding.UTF8.GetString(await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)));
}
