using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace McpImageGen.Tests.Testing;

/// <summary>A client of the HTTP+SSE transport, as it goes over the wire.</summary>
public sealed class SseClient : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly HttpClient _http;
    private readonly string _token;
    private readonly HttpResponseMessage _response;
    private readonly StreamReader _events;

    private SseClient(HttpClient http, string token, HttpResponseMessage response, StreamReader events) =>
        (_http, _token, _response, _events) = (http, token, response, events);

    /// <summary>Where to post, as the server said.</summary>
    public string Endpoint { get; private set; } = "";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<SseClient> OpenAsync(HttpClient http, string token, string path = "/sse")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancel);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        var client = new SseClient(http, token, response, new StreamReader(await response.Content.ReadAsStreamAsync(Cancel)));
        Assert.Equal("event: endpoint", await client.LineAsync());
        client.Endpoint = new Uri(response.RequestMessage!.RequestUri!, (await client.LineAsync())!["data: ".Length..]).PathAndQuery;
        return client;
    }

    /// <summary>The next line of the stream, empty ones left out; null at its end.</summary>
    public async Task<string?> LineAsync()
    {
        string? line;
        do
            line = await _events.ReadLineAsync(Cancel).AsTask().WaitAsync(Limit, Cancel);
        while (line is "");
        return line;
    }

    /// <summary>The next message of the stream.</summary>
    public async Task<JsonElement> MessageAsync()
    {
        string? line;
        do
            line = await LineAsync() ?? throw new InvalidOperationException("The stream has ended.");
        while (!line.StartsWith("data: ", StringComparison.Ordinal));
        return JsonElement.Parse(line["data: ".Length..]);
    }

    /// <summary>Posts a message, to the server that holds the stream unless told otherwise.</summary>
    public async Task<HttpResponseMessage> PostAsync(object message, HttpClient? elsewhere = null, string? token = null, string? endpoint = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, endpoint ?? Endpoint) { Content = JsonContent.Create(message) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token ?? _token);
        return await (elsewhere ?? _http).SendAsync(request, Cancel);
    }

    /// <summary>Posts a tool call.</summary>
    public async Task CallAsync(int id, string tool, object arguments, HttpClient? elsewhere = null)
    {
        using var response = await PostAsync(new { jsonrpc = "2.0", id, method = "tools/call", @params = new { name = tool, arguments } }, elsewhere);
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
    }

    public void Dispose()
    {
        _events.Dispose();
        _response.Dispose();
    }
}
