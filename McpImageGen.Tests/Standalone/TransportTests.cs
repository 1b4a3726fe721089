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
    public async Task A_client_that_names_no_event_stream_gets_JSON(string? accept)
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
    public async Task A_client_that_names_the_event_stream_gets_one(string accept)
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
    public async Task The_content_type_does_not_matter(string? contentType)
    {
        using var response = await Client.PostAsync(
            List, request => request.Content!.Headers.ContentType = contentType is null ? null : new MediaTypeHeaderValue(contentType));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.NotEqual(0, (await JsonOf(response)).GetProperty("result").GetProperty("tools").GetArrayLength());
    }

    [Fact]
    public async Task A_session_id_of_before_is_no_obstacle()
    {
        using var response = await Client.PostAsync(List, request => request.Headers.Add("Mcp-Session-Id", "long-gone"));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData("2025-03-26")]
    [InlineData("2025-06-18")]
    [InlineData("2025-11-25")]
    public async Task A_call_that_names_its_version_needs_no_handshake(string version)
    {
        using var response = await Client.PostAsync(List, request => request.Headers.Add("MCP-Protocol-Version", version));

        Assert.NotEqual(0, (await JsonOf(response)).GetProperty("result").GetProperty("tools").GetArrayLength());
    }

    [Fact]
    public async Task A_version_that_never_was_is_refused_with_those_that_are()
    {
        using var response = await Client.PostAsync(List, request => request.Headers.Add("MCP-Protocol-Version", "1999-01-01"));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var error = (await JsonOf(response)).GetProperty("error");
        Assert.Contains("1999-01-01", error.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Contains(error.GetProperty("data").GetProperty("supported").EnumerateArray(), version => version.ValueEquals("2026-07-28"));
    }

    [Fact]
    public async Task A_handshake_for_a_version_that_never_was_ends_in_one_that_is()
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
    public async Task Parameters_that_the_method_does_not_take_are_the_clients_mistake(string method, string parameters)
    {
        var error = (await Client.RequestAsync(method, JsonElement.Parse(parameters))).GetProperty("error");

        Assert.Equal(-32602, error.GetProperty("code").GetInt32());
        Assert.Contains(method, error.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/mcp/")]
    [InlineData("/MCP")]
    public async Task An_address_that_routing_takes_is_answered_alike(string path)
    {
        var client = new FetchClient(standalone.Server.Http, standalone.Server.Token, path);

        Assert.True((await client.CallAsync("list_jobs", new { })).Success);
    }

    [Fact]
    public async Task The_sse_address_takes_the_same_posts()
    {
        var sse = new FetchClient(standalone.Server.Http, standalone.Server.Token, "/sse");

        Assert.True((await sse.CallAsync("generate_image_and_wait", new { prompt = "by the other door" })).Success);
    }

    [Fact]
    public async Task A_notification_is_accepted_without_an_answer()
    {
        using var response = await Client.PostAsync("""{"jsonrpc":"2.0","method":"notifications/initialized"}""");

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_JSON_client_sees_signs_of_life_while_it_waits()
    {
        await using var server = await RunningStandalone.StartAsync("--Mcp:KeepAliveEvery=00:00:00.020");

        using var response = await server.Client.PostAsync(WaitFor("slow [latency:400ms]"));

        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.StartsWith("  ", body, StringComparison.Ordinal);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        Assert.True(ToolOutcome.Of(JsonElement.Parse(body).GetProperty("result")).Success);
    }

    [Fact]
    public async Task An_event_stream_client_sees_comments_between_events_while_it_waits()
    {
        await using var server = await RunningStandalone.StartAsync("--Mcp:KeepAliveEvery=00:00:00.020");

        using var response = await server.Client.PostAsync(
            WaitFor("slow [latency:400ms]"), request => request.Headers.Accept.ParseAdd("text/event-stream"));

        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Contains(": keep-alive\n\n: keep-alive\n\n", body, StringComparison.Ordinal);
        Assert.True(ToolOutcome.Of(Assert.Single(EventStreamBody.Messages(body)).GetProperty("result")).Success);
    }

    [Fact]
    public async Task Health_needs_no_token()
    {
        var health = JsonElement.Parse(await standalone.Server.Http.GetStringAsync("/health", TestContext.Current.CancellationToken));

        Assert.Equal("healthy", health.GetProperty("status").GetString());
        Assert.Equal("1.0.0", health.GetProperty("version").GetString());
        Assert.Equal("standalone", health.GetProperty("architecture").GetString());
        Assert.InRange(health.GetProperty("timestamp").GetDateTimeOffset(), DateTimeOffset.UtcNow.AddMinutes(-1), DateTimeOffset.UtcNow);
    }

    [Fact]
    public async Task A_browser_of_any_origin_may_call()
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
    public async Task A_browser_is_told_that_its_token_is_wrong()
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
