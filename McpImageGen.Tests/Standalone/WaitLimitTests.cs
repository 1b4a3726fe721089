using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using McpImageGen.McpApi.Waiting;
using McpImageGen.Tests.Testing;

namespace McpImageGen.Tests.Standalone;

/// <summary>No job is lost to a client that gives up a call: MCP clients are answered before, and a call that is repeated finds its jobs.</summary>
[Slow]
public sealed class WaitLimitTests : IAsyncLifetime
{
    private RunningStandalone _server = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _server = await RunningStandalone.StartAsync("--Mcp:WaitLimit=00:00:01");

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public void Default_wait_limit_is_between_30_and_48_seconds() =>
        Assert.InRange(new WaitLimitOptions().WaitLimit, TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(48));

    [Theory]
    [InlineData("2025-06-18", "application/json")]
    [InlineData("2025-11-25", "application/json, text/event-stream")]
    [InlineData(null, "application/json, text/event-stream")]
    public async Task MCP_client_without_a_timeout_gets_the_job_ids_after_the_wait_limit(string? version, string accept)
    {
        var wait = await CallAsync(version, accept, new { prompt = "slow [latency:30s]", count = 2 });

        Assert.False(wait.IsError);
        Assert.True(wait.Json.GetProperty("timed_out").GetBoolean());
        Assert.Equal(2, wait.List("jobs").Count);
        Assert.Equal("Timeout: not all jobs finished within 1 s. They continue to run.", wait.Error);
    }

    [Fact]
    public async Task SSE_client_gets_a_timed_out_result_after_the_wait_limit()
    {
        using var client = await SseClient.OpenAsync(_server.Http, _server.Token);

        await client.CallAsync(1, "generate_image_and_wait", new { prompt = "slow [latency:30s]" });

        Assert.True(ToolOutcome.Of((await client.MessageAsync()).GetProperty("result")).Json.GetProperty("timed_out").GetBoolean());
    }

    [Fact]
    public async Task Stdio_client_gets_a_timed_out_result_after_the_wait_limit()
    {
        using var folder = new TemporaryFolder();
        await using var stdio = StdioProcess.Start(folder.Path, "--Mcp:WaitLimit=00:00:01");

        await stdio.CallAsync(1, "generate_image_and_wait", new { prompt = "slow [latency:30s]" });

        Assert.True((await stdio.OutcomeAsync()).Json.GetProperty("timed_out").GetBoolean());
    }

    [Fact]
    public async Task Timeout_of_the_client_overrides_the_wait_limit()
    {
        var wait = await CallAsync("2025-06-18", "application/json", new { prompt = "slow [latency:2s]", timeout_seconds = 60 });

        Assert.True(wait.Success, wait.Raw);
    }

    [Fact]
    public async Task Plain_JSON_client_is_not_restricted_by_the_wait_limit()
    {
        var wait = await CallAsync(version: null, "*/*", new { prompt = "slow [latency:2s]" });

        Assert.True(wait.Success, wait.Raw);
    }

    [Fact]
    public async Task Invalid_wait_limit_prevents_the_start()
    {
        var failure = await Assert.ThrowsAnyAsync<Exception>(() => RunningStandalone.StartAsync("--Mcp:WaitLimit=00:00:00"));

        Assert.Contains("Mcp__WaitLimit must be between 00:00:01 and 01:00:00.", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Repeated_call_with_the_same_key_returns_its_jobs_after_a_lost_connection()
    {
        var arguments = new { prompt = "a boat [latency:2s]", count = 2, idempotency_key = "lost and found" };
        using (var connection = new TcpClient())
        {
            await connection.ConnectAsync(_server.Mcp.Host, _server.Mcp.Port, Cancel);
            var body = BodyOf(arguments);
            await connection.GetStream().WriteAsync(
                Encoding.UTF8.GetBytes(
                    $"POST /mcp HTTP/1.1\r\nHost: {_server.Mcp.Authority}\r\nAuthorization: Bearer {_server.Token}\r\nContent-Type: application/json\r\n"
                    + $"Accept: application/json, text/event-stream\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}"),
                Cancel);
            await Until.HoldsAsync(() => _server.Client.CallAsync("list_jobs", new { }), jobs => jobs.Number("total_count") == 2, "the jobs are accepted");
        }

        var ids = (await _server.Client.CallAsync("list_jobs", new { })).List("jobs").Select(job => job.GetProperty("id").GetString()).Order();
        var again = await CallAsync(version: null, "*/*", arguments);

        Assert.True(again.Success, again.Raw);
        Assert.Equal(ids, again.List("results").Select(result => result.GetProperty("job_id").GetString()).Order());
        Assert.Equal(2, (await _server.Client.CallAsync("list_jobs", new { })).Number("total_count"));
    }

    private async Task<ToolOutcome> CallAsync(string? version, string accept, object arguments)
    {
        using var response = await _server.Client.PostAsync(BodyOf(arguments), request =>
        {
            request.Headers.Accept.Clear();
            request.Headers.Accept.ParseAdd(accept);
            if (version is not null)
                request.Headers.Add("MCP-Protocol-Version", version);
        });
        var body = await response.Content.ReadAsStringAsync(Cancel);
        var answer = accept.Contains("event-stream", StringComparison.Ordinal)
            ? Assert.Single(EventStreamBody.Messages(body))
            : JsonElement.Parse(body);
        return ToolOutcome.Of(answer.GetProperty("result"));
    }

    private static string BodyOf(object arguments) =>
        JsonSerializer.Serialize(new { jsonrpc = "2.0", id = 1, method = "tools/call", @params = new { name = "generate_image_and_wait", arguments } });
}
