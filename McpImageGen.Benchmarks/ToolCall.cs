using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace McpImageGen.Benchmarks;

/// <summary>Calls tools of a server.</summary>
internal static class ToolCall
{
    /// <summary>The bearer token of the benchmarks.</summary>
    public const string Token = "benchmark";

    /// <summary>Creates a client for the server at the address, with the benchmarks' token.</summary>
    public static HttpClient NewClient(string address) => new(new SocketsHttpHandler { MaxConnectionsPerServer = 2000 })
    {
        BaseAddress = new Uri(address),
        Timeout = TimeSpan.FromMinutes(5),
        DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", Token) },
    };

    /// <summary>Calls a tool and returns the JSON object of its result.</summary>
    public static async Task<JsonElement> CallAsync(this HttpClient http, string tool, object arguments)
    {
        using var response = await http.PostAsJsonAsync(
            "/mcp", new { jsonrpc = "2.0", id = 1, method = "tools/call", @params = new { name = tool, arguments } });
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>();
        var outcome = JsonElement.Parse(answer.GetProperty("result").GetProperty("content")[0].GetProperty("text").GetString()!);
        return outcome.GetProperty("success").GetBoolean()
            ? outcome
            : throw new InvalidOperationException($"{tool} failed: {outcome}");
    }
}
