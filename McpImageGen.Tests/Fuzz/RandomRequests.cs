using System.Text.Json;

namespace McpImageGen.Tests.Fuzz;

/// <summary>Requests to every address and every tool, mostly wrong ones. Tools and their arguments are those that the server names.</summary>
public sealed class RandomRequests(RandomJson json, RandomHeaders headers, IReadOnlyList<JsonElement> tools, string formToken, Func<string> streamAddress)
{
    /// <summary>A part of every prompt that the server accepts.</summary>
    public const string PromptMark = "fuzzed-prompt";

    // Long enough, refused by the emulator for good, and so no picture to draw.
    private const string CheapPrompt = PromptMark + " [fault:prompt-rejected]";

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

    /// <summary>The next request.</summary>
    public FuzzRequest Next()
    {
        var (method, path, type, body) = json.Random.Next(100) switch
        {
            < 15 => Image(),
            < 20 => Page(),
            < 25 => Form(),
            _ => Call(),
        };
        var (authorization, isValid) = headers.Authorization();
        List<(string Name, string Value)> all = [.. headers.Some()];
        if (authorization is not null)
            all.Add(("Authorization", authorization));
        if (type is not null && !all.Any(header => header.Name == "Content-Type"))
            all.Add(("Content-Type", type));
        return new FuzzRequest(method, path, all, body, isValid);
    }

    private (string Method, string Path, string? Type, byte[]? Body) Call()
    {
        var address = json.Random.Next(10) switch { < 6 => "/mcp", < 8 => "/sse", 8 => streamAddress(), _ => "/sse/message?sessionId=" + Uri.EscapeDataString(json.Path()) };
        if (json.Chance(2))
            return (json.One(["GET", "DELETE", "OPTIONS", "PUT", "PATCH", "HEAD", "TRACE", "X"]), "/mcp", null, null);
        var text = json.Random.Next(10) switch { < 6 => ToolCall(), < 8 => Message(), _ => json.Value() };
        if (json.Chance(10))
            text = $"[{string.Join(',', Enumerable.Range(0, json.Random.Next(4)).Select(_ => json.Chance(50) ? ToolCall() : Message()))}]";
        return ("POST", address, json.Chance(80) ? "application/json" : null, json.Encoded(text));
    }

    private (string Method, string Path, string? Type, byte[]? Body) Image() =>
        (json.One(["GET", "HEAD", "GET", "DELETE"]), Sendable("/images/" + json.Path()), null, null);

    // Not its events, whose answer is meant to stay open.
    private (string Method, string Path, string? Type, byte[]? Body) Page()
    {
        var query = string.Join('&', Enumerable.Range(0, json.Random.Next(4)).Select(_ =>
            $"{json.One(["search", "model", "status", "before", "from", "to"])}={(json.Chance(20) ? Uri.EscapeDataString(CheapPrompt) : json.Path())}"));
        var path = json.One(["/", "/status", "/gallery", "/gallery/generate", "/gallery/sign-in", "/gallery/" + json.Path(), "/assets/" + json.Path(), "/.well-known/" + json.Path()]);
        return ("GET", Sendable(path + "?" + query), null, null);
    }

    private (string Method, string Path, string? Type, byte[]? Body) Form()
    {
        var path = Sendable(json.One(["/gallery/generate", "/gallery/sign-in", $"/gallery/{json.Id()}/{json.One(["again", "cancel", "delete"])}", $"/gallery/{json.Path()}/delete"]));
        var fields = FormFields.Where(_ => json.Chance(70)).Select(name => KeyValuePair.Create(name, json.One([json.Number(), json.Text(), CheapPrompt, ""])))
            .Concat(json.Chance(80) ? [KeyValuePair.Create("__RequestVerificationToken", formToken)] : []).ToList();
        var body = string.Join('&', fields.Select(field => $"{field.Key}={(json.Chance(90) ? Uri.EscapeDataString(field.Value) : field.Value)}"));
        return ("POST", path, json.One(["application/x-www-form-urlencoded", "application/x-www-form-urlencoded", "multipart/form-data", "text/plain"]), json.Encoded(body));
    }

    private static string Sendable(string path) => string.Concat(path.Where(character => character is > ' ' and <= '~'));

    private string Message()
    {
        var parameters = string.Join(',', Enumerable.Range(0, json.Random.Next(4)).Select(_ => $"\"{json.One(Fields)}\":{json.Value()}"));
        return Envelope(JsonSerializer.Serialize(json.One(Methods)), json.Chance(80) ? $"{{{parameters}}}" : json.Value());
    }

    private string ToolCall()
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
            "string" when isId => JsonSerializer.Serialize(json.Id()),
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
        List<string> fields = [$"\"jsonrpc\":{version}", $"\"method\":{method}", $"\"params\":{parameters}"];
        if (json.Chance(90))
            fields.Insert(json.Random.Next(fields.Count), $"\"id\":{id}");
        if (json.Chance(3))
            fields.Add(json.One(fields)); // a duplicate name
        return $"{{{string.Join(',', fields)}}}";
    }
}
