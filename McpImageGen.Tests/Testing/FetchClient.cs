using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace McpImageGen.Tests.Testing;

/// <summary>
/// What a program does that calls the seed service with JavaScript's <c>fetch</c>: one POST with a content type and the token,
/// <c>Accept: */*</c>, no initialize, and <c>await response.json()</c>.
/// </summary>
public sealed class FetchClient(HttpClient http, string token, string path = "/mcp")
{
    public HttpClient Http => http;

    public string Token => token;

    public async Task<HttpResponseMessage> PostAsync(
        string body, Action<HttpRequestMessage>? change = null, HttpCompletionOption completion = HttpCompletionOption.ResponseContentRead)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        request.Content.Headers.ContentType!.CharSet = null;
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        request.Headers.Accept.ParseAdd("*/*");
        change?.Invoke(request);
        return await http.SendAsync(request, completion, TestContext.Current.CancellationToken);
    }

    /// <summary>Sends a JSON-RPC request and reads the response as JSON.</summary>
    public async Task<JsonElement> RequestAsync(string method, object? parameters = null, Action<HttpRequestMessage>? change = null)
    {
        using var response = await PostAsync(JsonSerializer.Serialize(new { jsonrpc = "2.0", id = 1, method, @params = parameters ?? new { } }), change);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        return JsonElement.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>Calls a tool and reads the JSON object in its one text.</summary>
    public async Task<ToolOutcome> CallAsync(string tool, object arguments)
    {
        var response = await RequestAsync("tools/call", new { name = tool, arguments });
        Assert.True(response.TryGetProperty("result", out var result), response.ToString());
        return ToolOutcome.Of(result);
    }
}
