using System.Text.Json;

namespace McpImageGen.Tests.Testing;

/// <summary>A call of <c>wait_for_completion</c> that the server has begun to answer: the response starts with the first progress notification.</summary>
public sealed class StartedWait : IDisposable
{
    private readonly HttpResponseMessage _response;

    private StartedWait(HttpResponseMessage response) => _response = response;

    /// <summary>Returns as soon as the server waits for the jobs.</summary>
    public static async Task<StartedWait> BeginAsync(FetchClient client, params IEnumerable<string> jobs)
    {
        var body = JsonSerializer.Serialize(new
        {
            jsonrpc = "2.0",
            id = 1,
            method = "tools/call",
            @params = new { name = "wait_for_completion", arguments = new { job_ids = jobs }, _meta = new { progressToken = "wait" } },
        });
        return new(await client.PostAsync(
            body, request => request.Headers.Accept.ParseAdd("text/event-stream"), HttpCompletionOption.ResponseHeadersRead));
    }

    /// <summary>What the call comes to.</summary>
    public async Task<ToolOutcome> AnswerAsync()
    {
        Assert.Equal("text/event-stream", _response.Content.Headers.ContentType?.MediaType);
        var events = await _response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return ToolOutcome.Of(EventStreamBody.Messages(events)[^1].GetProperty("result"));
    }

    public void Dispose() => _response.Dispose();
}
