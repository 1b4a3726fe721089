using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using McpImageGen.Tests.Testing;

namespace McpImageGen.Tests.AppHost;

/// <summary>Reads through the dashboard's API what its pages show.</summary>
internal sealed class DashboardClient : IDisposable
{
    private readonly HttpClient _http;

    public DashboardClient(Uri address)
    {
        Address = address;
        _http = new HttpClient { BaseAddress = address };
        _http.DefaultRequestHeaders.Add("x-api-key", AppHostSettings.DashboardKey);
    }

    public Uri Address { get; }

    /// <summary>Where a person is signed in.</summary>
    public Uri Login => new(Address, $"/login?t={AppHostSettings.DashboardToken}");

    /// <summary>The messages of all structured logs of level Error and Critical.</summary>
    public async Task<IReadOnlyList<string>> ErrorsAsync() =>
        [.. (await ReadAsync("logs?severity=Error")).GetProperty("resourceLogs").EnumerateArray()
            .SelectMany(resource => resource.GetProperty("scopeLogs").EnumerateArray())
            .SelectMany(scope => scope.GetProperty("logRecords").EnumerateArray())
            .Select(record => record.GetProperty("body").GetProperty("stringValue").GetString()!)];

    /// <summary>Asks for an image and waits until the dashboard has its trace: what was logged before has arrived too.</summary>
    /// <returns>The trace's id and spans.</returns>
    public async Task<(string Id, IReadOnlyList<SeenSpan> Spans)> CaughtUpAsync(FetchClient client)
    {
        string[] last = ["claim job", "store image", "signal job", "generate-image receive", "POST /mcp/"];
        var id = ActivityTraceId.CreateRandom().ToHexString();
        await client.RequestAsync(
            "tools/call",
            new { name = "generate_image_and_wait", arguments = new { prompt = "traced" } },
            request => request.Headers.Add("traceparent", $"00-{id}-{ActivitySpanId.CreateRandom()}-01"));
        var spans = await Until.HoldsAsync(
            () => TraceAsync(id), spans => last.All(name => spans.Any(span => span.Name == name)), "the dashboard has the whole trace");
        return (id, spans);
    }

    /// <summary>The spans of a trace that have arrived so far.</summary>
    public async Task<IReadOnlyList<SeenSpan>> TraceAsync(string id) =>
        [.. (await ReadAsync($"traces/{id}")).GetProperty("resourceSpans").EnumerateArray()
            .SelectMany(resource => resource.GetProperty("scopeSpans").EnumerateArray().SelectMany(scope => SpansOf(resource, scope)))];

    public void Dispose() => _http.Dispose();

    private static IEnumerable<SeenSpan> SpansOf(JsonElement resource, JsonElement scope) =>
        scope.GetProperty("spans").EnumerateArray().Select(span => new SeenSpan(
            Service: AttributeOf(resource.GetProperty("resource"), "service.name")!,
            Source: scope.GetProperty("scope").GetProperty("name").GetString()!,
            Name: span.GetProperty("name").GetString()!,
            Id: span.GetProperty("spanId").GetString()!,
            Parent: span.TryGetProperty("parentSpanId", out var parent) ? parent.GetString() : null));

    private static string? AttributeOf(JsonElement resource, string key) =>
        resource.GetProperty("attributes").EnumerateArray()
            .Where(attribute => attribute.GetProperty("key").ValueEquals(key))
            .Select(attribute => attribute.GetProperty("value").GetProperty("stringValue").GetString())
            .FirstOrDefault();

    private async Task<JsonElement> ReadAsync(string what)
    {
        using var response = await _http.GetAsync($"/api/telemetry/{what}", TestContext.Current.CancellationToken);
        if (response.StatusCode == HttpStatusCode.NotFound)
            return JsonElement.Parse("""{"resourceSpans":[],"resourceLogs":[]}"""); // a trace of which nothing has arrived
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken)).GetProperty("data");
    }
}
