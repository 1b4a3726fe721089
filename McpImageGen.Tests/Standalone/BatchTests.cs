using System.Net;
using System.Text.Json;
using McpImageGen.Tests.Testing;

namespace McpImageGen.Tests.Standalone;

/// <summary>Batches of JSON-RPC messages: MCP 2025-03-26 says that servers MUST support receiving them, and no other version has them.</summary>
public sealed class BatchTests(SharedStandalone standalone) : IClassFixture<SharedStandalone>
{
    private const string Two =
        """[{"jsonrpc":"2.0","id":"a","method":"ping"},{"jsonrpc":"2.0","method":"notifications/initialized"},{"jsonrpc":"2.0","id":2,"method":"tools/list","params":null}]""";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private FetchClient Client => standalone.Server.Client;

    [Theory]
    [InlineData(null)]
    [InlineData("2025-03-26")]
    public async Task Each_request_is_answered_in_one_array_and_no_notification_is(string? version)
    {
        using var response = await PostAsync(Two, version);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        var answers = (await JsonOf(response)).EnumerateArray().ToList();
        Assert.Equal(["a", "2"], answers.Select(answer => answer.GetProperty("id").ToString()));
        Assert.NotEqual(0, answers[1].GetProperty("result").GetProperty("tools").GetArrayLength());
    }

    [Theory]
    [InlineData("2025-06-18")]
    [InlineData("2025-11-25")]
    [InlineData("2026-07-28")]
    public async Task Other_versions_have_no_batches(string version)
    {
        using var response = await PostAsync(Two, version);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("2025-03-26", (await JsonOf(response)).GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_that_reads_event_streams_gets_each_answer_as_soon_as_it_is_ready()
    {
        using var response = await Client.PostAsync(
            """
            [{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"generate_image_and_wait","arguments":{"prompt":"slow [latency:2s]"}}},
             {"jsonrpc":"2.0","id":2,"method":"ping"}]
            """,
            request => request.Headers.Accept.ParseAdd("text/event-stream"));

        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        var messages = EventStreamBody.Messages(await response.Content.ReadAsStringAsync(Cancel));
        Assert.Equal([2, 1], messages.Select(message => message.GetProperty("id").GetInt32()));
    }

    [Fact]
    public async Task A_client_that_reads_JSON_sees_signs_of_life_before_the_array()
    {
        await using var server = await RunningStandalone.StartAsync("--Mcp:KeepAliveEvery=00:00:00.020");

        using var response = await server.Client.PostAsync(
            """[{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"generate_image_and_wait","arguments":{"prompt":"slow [latency:400ms]"}}}]""");

        var body = await response.Content.ReadAsStringAsync(Cancel);
        Assert.StartsWith("  ", body, StringComparison.Ordinal);
        Assert.True(ToolOutcome.Of(Assert.Single(JsonElement.Parse(body).EnumerateArray()).GetProperty("result")).Success);
    }

    [Fact]
    public async Task Notifications_alone_are_accepted_without_an_answer()
    {
        using var response = await PostAsync("""[{"jsonrpc":"2.0","method":"notifications/initialized"},{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1.0}}]""");

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync(Cancel));
    }

    /// <summary>The example of JSON-RPC 2.0, section 7: an error for each of 1, 2 and 3. And 2025-03-26: "initialize MUST NOT be part of a batch".</summary>
    [Fact]
    public async Task What_is_no_request_is_refused_in_its_place_and_the_rest_is_carried_out()
    {
        using var response = await PostAsync(
            """
            [1, {"foo":"boo"}, {"jsonrpc":"2.0","id":5,"method":"ping"}, {"jsonrpc":"2.0","id":6,"method":"no/such"}, {"jsonrpc":"2.0","id":1.5,"method":"ping"},
             {"jsonrpc":"2.0","id":7,"method":"initialize","params":{"protocolVersion":"2025-03-26","capabilities":{},"clientInfo":{"name":"a","version":"1"}}}]
            """);

        var answers = (await JsonOf(response)).EnumerateArray().ToList();
        Assert.Equal(["", "", "5", "6", "", "7"], answers.Select(answer => answer.GetProperty("id").ToString()));
        Assert.Equal(
            [-32600, -32600, 0, -32601, -32600, -32600],
            answers.Select(answer => answer.TryGetProperty("error", out var error) ? error.GetProperty("code").GetInt32() : 0));
    }

    [Fact]
    public async Task An_empty_one_is_no_request()
    {
        using var response = await PostAsync("[]");

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(-32600, (await JsonOf(response)).GetProperty("error").GetProperty("code").GetInt32());
    }

    [Fact]
    public async Task Each_of_its_calls_counts_against_the_limits()
    {
        await using var server = await RunningStandalone.StartAsync("--Limits:CallsPerMinute=3");

        using var response = await server.Client.PostAsync($"[{string.Join(',', Enumerable.Range(1, 5).Select(id => $$"""{"jsonrpc":"2.0","id":{{id}},"method":"ping"}"""))}]");

        var answers = (await JsonOf(response)).EnumerateArray().ToList();
        Assert.Equal([1, 2, 3, 4, 5], answers.Select(answer => answer.GetProperty("id").GetInt32()));
        Assert.Equal(2, answers.Count(answer => answer.TryGetProperty("error", out var error) && error.GetProperty("code").GetInt32() == -32029));
    }

    private Task<HttpResponseMessage> PostAsync(string batch, string? version = null) => Client.PostAsync(batch, request =>
    {
        if (version is not null)
            request.Headers.Add("MCP-Protocol-Version", version);
    });

    private static async Task<JsonElement> JsonOf(HttpResponseMessage response) =>
        JsonElement.Parse(await response.Content.ReadAsByteArrayAsync(Cancel));
}
