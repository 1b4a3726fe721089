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
    public async Task Batch_returns_one_array_with_a_response_to_each_request_but_not_to_notifications(string? version)
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
    public async Task Batch_is_rejected_in_other_protocol_versions(string version)
    {
        using var response = await PostAsync(Two, version);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("2025-03-26", (await JsonOf(response)).GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Batch_responses_are_streamed_as_soon_as_they_are_ready()
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
    public async Task JSON_client_gets_keep_alive_spaces_before_the_batch_response()
    {
        await using var server = await RunningStandalone.StartAsync("--Mcp:KeepAliveEvery=00:00:00.020");

        using var response = await server.Client.PostAsync(
            """[{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"generate_image_and_wait","arguments":{"prompt":"slow [latency:400ms]"}}}]""");

        var body = await response.Content.ReadAsStringAsync(Cancel);
        Assert.StartsWith("  ", body, StringComparison.Ordinal);
        Assert.True(ToolOutcome.Of(Assert.Single(JsonElement.Parse(body).EnumerateArray()).GetProperty("result")).Success);
    }

    [Fact]
    public async Task Batch_of_notifications_returns_202_without_a_body()
    {
        using var response = await PostAsync("""[{"jsonrpc":"2.0","method":"notifications/initialized"},{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1.0}}]""");

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync(Cancel));
    }

    /// <summary>The example of JSON-RPC 2.0, section 7: an error for each of 1, 2 and 3. And 2025-03-26: "initialize MUST NOT be part of a batch".</summary>
    [Fact]
    public async Task Invalid_requests_of_a_batch_return_errors_and_the_others_are_executed()
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
    public async Task Empty_batch_is_rejected()
    {
        using var response = await PostAsync("[]");

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(-32600, (await JsonOf(response)).GetProperty("error").GetProperty("code").GetInt32());
    }

    [Fact]
    public async Task Each_call_of_a_batch_counts_toward_the_limit()
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
