using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace McpImageGen.Tests.Fuzz;

/// <summary>Requests to every address and every tool, mostly wrong ones. Tools and their arguments are those that the server names.</summary>
public sealed class RandomRequests(
    RandomJson json, Uri server, IReadOnlyList<JsonElement> tools, string token, string formToken, Func<string> streamAddress)
{
    // Long enough, refused by the emulator for good, and so no picture to draw.
    private const string CheapPrompt = "fuzz [fault:prompt-rejected]";

    // Not subscriptions/listen, whose answer is meant to stay open.
    private static readonly string[] Methods =
    [
        "initialize", "ping", "tools/list", "tools/call", "resources/list", "resources/read", "resources/templates/list", "resources/subscribe", "prompts/list", "prompts/get",
        "completion/complete", "logging/setLevel", "server/discover", "tasks/get", "tasks/list", "tasks/result", "tasks/cancel", "tasks/update", "notifications/initialized",
        "notifications/cancelled", "notifications/progress", "sampling/createMessage", "rpc.discover", "", "TOOLS/LIST",
    ];

    private static readonly string[] Fields =
        ["name", "arguments", "uri", "cursor", "ref", "argument", "taskId", "level", "_meta", "protocolVersion", "capabilities", "clientInfo", "requestId", "progressToken"];

    private static readonly string[] FormFields =
        ["prompt", "model", "count", "width", "height", "steps", "guidance", "seed", "negative_prompt", "idempotency_key", "token", "to"];

    private static readonly string[] ForwardedHeaders = ["X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "X-Forwarded-Prefix"];

    private static readonly string[] Versions = ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25", "2026-07-28", "1999-01-01", "", "latest"];

    /// <summary>The next request, and its content in words.</summary>
    public (HttpRequestMessage Request, string Shown) Next()
    {
        if (json.Chance(15))
            return Image();
        if (json.Chance(10))
            return json.Chance(50) ? Page() : Form();
        var address = json.Random.Next(10) switch { < 6 => "/mcp", < 8 => "/sse", 8 => streamAddress(), _ => "/sse/message?sessionId=" + Uri.EscapeDataString(json.Path()) };
        var text = json.Random.Next(10) switch { < 6 => Call(), < 8 => Message(), _ => json.Value() };
        if (json.Chance(10))
            text = $"[{string.Join(',', Enumerable.Range(0, json.Random.Next(4)).Select(_ => json.Chance(50) ? Call() : Message()))}]";
        var body = json.Chance(15) ? json.Damaged(text) : Encoding.UTF8.GetBytes((json.Chance(5) ? "\uFEFF" : "") + text);
        var request = new HttpRequestMessage(HttpMethod.Post, At(address)) { Content = new ByteArrayContent(body) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (json.Chance(80))
            request.Content.Headers.ContentType = new MediaTypeHeaderValue(json.One(["application/json", "text/plain", "image/png"]));
        if (json.Chance(50))
            request.Headers.TryAddWithoutValidation("Accept", json.One(["application/json", "text/event-stream", "application/json, text/event-stream", "*/*", ";;q=2"]));
        if (json.Chance(20))
            request.Headers.TryAddWithoutValidation("MCP-Protocol-Version", json.One(Versions));
        if (json.Chance(10))
            request.Headers.TryAddWithoutValidation(json.One(["Mcp-Method", "Mcp-Name", "Mcp-Session-Id", "Last-Event-ID"]), json.One(["tools/list", "=?base64?%%?=", "x", "../.."]));
        if (json.Chance(5))
            request.Content.Headers.TryAddWithoutValidation("Content-Encoding", json.One(["gzip", "identity", "x", "gzip, br", ""]));
        if (json.Chance(10))
            request.Headers.TryAddWithoutValidation(json.One(ForwardedHeaders), json.One(["https", "img.example.com:99999", "//evil", "/img", "192.0.2.1, x", "[::1", ""]));
        return (request, $"POST {address} {(text.Length > 2_000 ? text[..2_000] + "…" : text)}");
    }

    private (HttpRequestMessage Request, string Shown) Image()
    {
        var path = Sendable("/images/" + json.Path());
        var request = new HttpRequestMessage(json.One([HttpMethod.Get, HttpMethod.Head, HttpMethod.Get, HttpMethod.Delete]), At(path));
        if (json.Chance(20))
            request.Headers.TryAddWithoutValidation("Range", json.One(["bytes=0-", "bytes=-1", "bytes=5-1", "bytes=99999999999999999999-", "lines=1"]));
        if (json.Chance(20))
            request.Headers.TryAddWithoutValidation("If-None-Match", json.One(["*", "\"x\"", "W/\"", "\"\"\""]));
        return (request, $"{request.Method} {path}");
    }

    // Not its events, whose answer is meant to stay open.
    private (HttpRequestMessage Request, string Shown) Page()
    {
        var query = string.Join('&', Enumerable.Range(0, json.Random.Next(4)).Select(_ => $"{json.One(["search", "model", "status", "before", "from", "to"])}={json.Path()}"));
        var path = Sendable(json.One(["/", "/status", "/gallery", "/gallery/generate", "/gallery/sign-in", "/gallery/" + json.Path(), "/assets/" + json.Path()]) + "?" + query);
        return (new HttpRequestMessage(HttpMethod.Get, At(path)), $"GET {path}");
    }

    private (HttpRequestMessage Request, string Shown) Form()
    {
        var path = Sendable(json.One(["/gallery/generate", "/gallery/sign-in", $"/gallery/{Guid.CreateVersion7()}/{json.One(["again", "cancel", "delete"])}", $"/gallery/{json.Path()}/delete"]));
        var fields = FormFields.Where(_ => json.Chance(70)).Select(name => KeyValuePair.Create(name, json.One([json.Number(), json.Text(), CheapPrompt, ""])))
            .Concat(json.Chance(80) ? [KeyValuePair.Create("__RequestVerificationToken", formToken)] : []).ToList();
        var body = string.Join('&', fields.Select(field => $"{field.Key}={(json.Chance(90) ? Uri.EscapeDataString(field.Value) : field.Value)}"));
        var content = new ByteArrayContent(json.Chance(10) ? json.Damaged(body) : Encoding.UTF8.GetBytes(body));
        content.Headers.ContentType = new MediaTypeHeaderValue(json.One(["application/x-www-form-urlencoded", "application/x-www-form-urlencoded", "multipart/form-data", "text/plain"]));
        return (new HttpRequestMessage(HttpMethod.Post, At(path)) { Content = content }, $"POST {path} {body}");
    }

    private static string Sendable(string path) => string.Concat(path.Where(character => character is > ' ' and <= '~'));

    /// <summary>The address as it is: what it climbs up and escapes is left to the server.</summary>
    private Uri At(string path) =>
        new(server.GetLeftPart(UriPartial.Authority) + path, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });

    private string Message()
    {
        var parameters = string.Join(',', Enumerable.Range(0, json.Random.Next(4)).Select(_ => $"\"{json.One(Fields)}\":{json.Value()}"));
        return Envelope(JsonSerializer.Serialize(json.One(Methods)), json.Chance(80) ? $"{{{parameters}}}" : json.Value());
    }

    private string Call()
    {
        var tool = json.One(tools);
        var properties = tool.GetProperty("inputSchema").GetProperty("properties").EnumerateObject().ToList();
        var arguments = properties
            .Where(_ => json.Chance(70))
            .Select(property => $"\"{property.Name}\":{Argument(property)}")
            .Concat(json.Chance(10) ? [json.Text() + ":" + json.Value()] : [])
            .Concat(json.Chance(5) ? [$"\"{json.One(["step", "jobId", "toolCallId", "wait_for_previous"])}\":{json.Value()}"] : []);
        return Envelope("\"tools/call\"", $"{{\"name\":\"{tool.GetProperty("name").GetString()}\",\"arguments\":{{{string.Join(',', arguments)}}}}}");
    }

    private string Argument(JsonProperty argument)
    {
        if (json.Chance(40))
            return json.Value();
        var value = Value(argument.Value, isId: argument.Name.StartsWith("job_id", StringComparison.Ordinal));

        // What is meant is taken in other forms, too.
        return json.Random.Next(10) switch
        {
            0 => json.One(["null", "\"\"", "[]", "\"null\""]),
            1 or 2 => JsonSerializer.Serialize(value),
            3 when int.TryParse(value, out _) => value + json.One([".0", "e0", ".5"]),
            _ => value,
        };
    }

    private string Value(JsonElement schema, bool isId)
    {
        if (schema.TryGetProperty("enum", out var values))
            return json.One(values.EnumerateArray().ToList()).GetRawText();
        return schema.GetProperty("type").GetString() switch
        {
            "string" when isId => JsonSerializer.Serialize(Guid.CreateVersion7()),
            "string" => JsonSerializer.Serialize(CheapPrompt),
            "integer" or "number" => json.Chance(50) ? json.Random.Next(1, 5).ToString() : json.Number(),
            "boolean" => "true",
            "array" => $"[{string.Join(',', Enumerable.Range(0, json.Random.Next(1, 4)).Select(_ => Value(schema.GetProperty("items"), isId)))}]",
            _ => json.Value(),
        };
    }

    private string Envelope(string method, string parameters)
    {
        var id = json.Chance(85) ? json.Random.Next().ToString() : json.Value();
        var version = json.Chance(95) ? "\"2.0\"" : json.Value();
        return json.Chance(90)
            ? $"{{\"jsonrpc\":{version},\"id\":{id},\"method\":{method},\"params\":{parameters}}}"
            : $"{{\"jsonrpc\":{version},\"method\":{method},\"params\":{parameters}}}";
    }
}
