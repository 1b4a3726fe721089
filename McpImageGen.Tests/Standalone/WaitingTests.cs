using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using McpImageGen.Tests.Testing;

namespace McpImageGen.Tests.Standalone;

/// <summary>What a client hears while it waits, and how long it waits.</summary>
[Slow]
public sealed class WaitingTests(SharedStandalone standalone) : IClassFixture<SharedStandalone>
{
    private FetchClient Client => standalone.Server.Client;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Client_with_a_progress_token_is_notified_of_every_change()
    {
        var quick = await StartAsync("quick [latency:300ms]");
        var slow = await StartAsync("slower [latency:3s]");
        var bad = await StartAsync("bad [fault:prompt-rejected]");

        var messages = await EventsAsync("wait_for_completion", new { job_ids = (string[])[quick, slow, bad] }, progressToken: "t1");

        var told = messages[..^1].Select(message => message.GetProperty("params")).ToList();
        Assert.All(messages[..^1], message => Assert.Equal("notifications/progress", message.GetProperty("method").GetString()));
        Assert.All(told, progress => Assert.Equal("t1", progress.GetProperty("progressToken").GetString()));
        Assert.All(told, progress => Assert.Equal(3, progress.GetProperty("total").GetInt32()));
        var values = told.Select(progress => progress.GetProperty("progress").GetDouble()).ToList();
        Assert.Equal(values.Distinct().Order(), values);
        Assert.Equal(3, values[^1]);
        var words = told.Select(progress => progress.GetProperty("message").GetString()).ToList();
        Assert.Contains("2 of 3 finished, 1 failed", words);
        Assert.Equal("3 of 3 finished, 1 failed", words[^1]);
        Assert.True(messages[^1].TryGetProperty("result", out _));
    }

    [Fact]
    public async Task Client_without_a_progress_token_gets_only_the_result()
    {
        var messages = await EventsAsync("generate_image_and_wait", new { prompt = "quiet", count = 2 }, progressToken: null);

        Assert.True(Assert.Single(messages).TryGetProperty("result", out _));
    }

    [Fact]
    public async Task Wait_ends_at_the_requested_timeout_and_the_job_continues()
    {
        var wait = await Client.CallAsync("generate_image_and_wait", new { prompt = "slow [latency:3s]", timeout_seconds = 1 });

        Assert.False(wait.IsError);
        Assert.False(wait.Success);
        Assert.True(wait.Json.GetProperty("timed_out").GetBoolean());
        Assert.Equal("Timeout: not all jobs finished within 1 s. They continue to run.", wait.Error);
        var job = Assert.Single(wait.List("jobs"));
        Assert.Contains(job.GetProperty("status").GetString(), new[] { "pending", "processing" });
        var id = job.GetProperty("job_id").GetString();
        Assert.Contains($"wait_for_completion with job_id \"{id}\"", wait.Text("next"), StringComparison.Ordinal);
        Assert.True((await Client.CallAsync("wait_for_completion", new { job_id = id, timeout_seconds = 60 })).Success);
    }

    [Fact]
    public async Task Cancelled_call_does_not_cancel_its_jobs()
    {
        using var leaves = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        const string Prompt = "somebody left [latency:5s]";
        using var request = RequestFor("generate_image_and_wait", new { prompt = Prompt, count = 3 }, progressToken: null);
        var call = standalone.Server.Http.SendAsync(request, leaves.Token);
        var jobs = await Until.HoldsAsync(JobsAsync, found => found.Length == 3, "the jobs are accepted");

        await leaves.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        Assert.True((await Client.CallAsync("wait_for_completion", new { job_ids = jobs })).Success);

        async Task<string[]> JobsAsync() =>
        [
            .. (await Client.CallAsync("list_jobs", new { limit = 50 })).List("jobs")
                .Where(job => job.GetProperty("prompt").ValueEquals(Prompt)).Select(job => job.GetProperty("id").GetString()!),
        ];
    }

    [Fact]
    public async Task Repeated_call_with_an_idempotency_key_submits_its_jobs_only_once()
    {
        var call = new { prompt = "once only", count = 2, idempotency_key = "once" };

        var calls = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => Client.CallAsync("generate_image_and_wait", call)));
        var started = await Client.CallAsync("generate_image", call);
        var other = await Client.CallAsync("generate_image", new { prompt = "something else", count = 2, idempotency_key = "once" });

        Assert.Single(calls.Select(made => string.Join(' ', made.List("results").Select(result => result.GetProperty("job_id")))).Distinct());
        Assert.Equal(
            calls[0].List("results").Select(result => result.GetProperty("job_id").GetString()), started.List("job_ids").Select(id => id.GetString()));
        Assert.Equal("completed", started.Text("status"));
        Assert.True(other.IsError);
        Assert.Equal("idempotency_conflict", other.Text("error_code"));
    }

    private async Task<string> StartAsync(string prompt) => (await Client.CallAsync("generate_image", new { prompt })).Text("job_id");

    /// <summary>All messages of a call's event stream; the last is the answer.</summary>
    private async Task<JsonElement[]> EventsAsync(string tool, object arguments, string? progressToken)
    {
        using var request = RequestFor(tool, arguments, progressToken);
        using var response = await standalone.Server.Http.SendAsync(request, Cancel);
        return EventStreamBody.Messages(await response.Content.ReadAsStringAsync(Cancel));
    }

    private HttpRequestMessage RequestFor(string tool, object arguments, string? progressToken)
    {
        var meta = progressToken is null ? new Dictionary<string, string>() : new() { ["progressToken"] = progressToken };
        var body = JsonSerializer.Serialize(new { jsonrpc = "2.0", id = 1, method = "tools/call", @params = new { name = tool, arguments, _meta = meta } });
        var request = new HttpRequestMessage(HttpMethod.Post, "/mcp") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", standalone.Server.Token);
        request.Headers.Accept.ParseAdd("application/json, text/event-stream");
        return request;
    }
}
