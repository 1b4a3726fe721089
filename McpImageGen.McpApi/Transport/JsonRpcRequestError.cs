using System.Text.Json;

namespace McpImageGen.McpApi.Transport;

/// <summary>Why a document is not a valid JSON-RPC request.</summary>
/// <param name="Status">The HTTP status of the response.</param>
/// <param name="Code">The JSON-RPC error code.</param>
/// <param name="Message">What is wrong and what is expected.</param>
/// <param name="Id">The id of the request; null if it has none.</param>
internal sealed record JsonRpcRequestError(int Status, int Code, string Message, JsonElement? Id = null)
{
    /// <summary>The first version of MCP without the method initialize.</summary>
    private const string WithoutHandshake = "2026-07-28";

    private const string ProtocolVersion = "io.modelcontextprotocol/protocolVersion";

    /// <summary>What is wrong with the request; null if it is valid.</summary>
    /// <param name="request">The whole document.</param>
    /// <param name="protocolVersion">The version of MCP in the request headers; null if there is none.</param>
    public static JsonRpcRequestError? Of(JsonElement request, string? protocolVersion)
    {
        if (request.ValueKind == JsonValueKind.Array)
            return Invalid("only MCP 2025-03-26 supports batches; send one request at a time.", null);
        if (request.ValueKind != JsonValueKind.Object)
            return Invalid("the request must be a JSON object.", null);

        JsonElement? id = request.TryGetProperty("id", out var sent) && IsId(sent) ? sent.Clone() : null;
        if (!request.TryGetProperty("jsonrpc", out var version) || version.ValueKind != JsonValueKind.String || version.GetString() != "2.0")
            return Invalid("\"jsonrpc\" must be \"2.0\".", id);
        if (request.TryGetProperty("id", out _) && id is null)
            return Invalid($"\"id\" must be a 64-bit integer or a string of at most {TelemetryNames.Longest} characters.", null);

        // Results and errors are rejected too: this server never sends requests to its clients.
        if (!request.TryGetProperty("method", out var method) || method.ValueKind != JsonValueKind.String)
            return Invalid("\"method\" must be a string.", id);
        if (method.GetString()!.Length > TelemetryNames.Longest)
            return Invalid($"\"method\" has more than {TelemetryNames.Longest} characters.", id);
        if (request.TryGetProperty("params", out var parameters) && parameters.ValueKind is not (JsonValueKind.Object or JsonValueKind.Null))
            return Invalid("\"params\" must be an object.", id);

        if (parameters.ValueKind == JsonValueKind.Object && !IsObjectOrAbsent(parameters, "_meta"))
            return InvalidParameters("\"params._meta\" must be an object.", id);
        if (TooLong(parameters) is { } tooLong)
            return InvalidParameters($"{tooLong} has more than {TelemetryNames.Longest} characters.", id);
        return method.GetString() switch
        {
            "initialize" when string.CompareOrdinal(protocolVersion, WithoutHandshake) < 0 && !RequestParameters.CanInitialize(parameters) =>
                InvalidParameters("initialize requires \"protocolVersion\", \"capabilities\" and \"clientInfo\" with \"name\" and \"version\".", id),
            "tools/call" when string.IsNullOrEmpty(Text(parameters, "name")) => InvalidParameters("\"params.name\" must be the name of a tool.", id),
            "tools/call" when !IsObjectOrAbsent(parameters, "arguments") => InvalidParameters("\"params.arguments\" must be an object.", id),
            "resources/read" when Text(parameters, "uri") is null => InvalidParameters("resources/read requires \"uri\", the URI of the resource.", id),
            "prompts/get" when Text(parameters, "name") is null => InvalidParameters("prompts/get requires \"name\", the name of the prompt.", id),
            "completion/complete" when Text(Property(parameters, "argument"), "name") is null || Text(Property(parameters, "argument"), "value") is null =>
                InvalidParameters("completion/complete requires \"ref\" and \"argument\" with \"name\" and \"value\".", id),
            _ => null,
        };
    }

    /// <summary>What is wrong with a message that is valid alone but not in a batch; null if it is valid.</summary>
    public static JsonRpcRequestError? OfPart(JsonElement message) =>
        message.GetProperty("method").ValueEquals("initialize")
            ? Invalid("initialize must not be part of a batch; send it alone.", message.TryGetProperty("id", out var id) ? id.Clone() : null)
            : null;

    private static bool IsId(JsonElement id) =>
        id.ValueKind == JsonValueKind.String ? id.GetString()!.Length <= TelemetryNames.Longest : WholeNumbers.TryRead(id, out _);

    /// <summary>The name in the parameters of a request that is longer than any name of this server; null if there is none.</summary>
    private static string? TooLong(JsonElement parameters)
    {
        foreach (var name in (string[])["name", "uri"])
        {
            if (Text(parameters, name)?.Length > TelemetryNames.Longest)
                return $"\"params.{name}\"";
        }

        if (Text(Property(parameters, "_meta"), ProtocolVersion)?.Length > TelemetryNames.Longest)
            return $"\"params._meta.{ProtocolVersion}\"";
        if (Text(Property(parameters, "ref"), "name")?.Length > TelemetryNames.Longest || Text(Property(parameters, "ref"), "uri")?.Length > TelemetryNames.Longest)
            return "The name or URI in \"params.ref\"";
        if (Text(Property(parameters, "argument"), "name")?.Length > TelemetryNames.Longest)
            return "\"params.argument.name\"";
        return Property(parameters, "arguments") is { ValueKind: JsonValueKind.Object } arguments
            && arguments.EnumerateObject().Any(argument => argument.Name.Length > TelemetryNames.Longest)
                ? "The name of an argument"
                : null;
    }

    private static JsonElement Property(JsonElement value, string name) =>
        value.ValueKind == JsonValueKind.Object && value.TryGetProperty(name, out var property) ? property : default;

    private static string? Text(JsonElement value, string name) =>
        Property(value, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    private static bool IsObjectOrAbsent(JsonElement parameters, string name) =>
        !parameters.TryGetProperty(name, out var value) || value.ValueKind is JsonValueKind.Object or JsonValueKind.Null;

    // As for any other call, the HTTP status for invalid parameters is 200.
    private static JsonRpcRequestError InvalidParameters(string reason, JsonElement? id) =>
        new(StatusCodes.Status200OK, JsonRpcErrors.InvalidParameters, "Invalid params: " + reason, id);

    private static JsonRpcRequestError Invalid(string reason, JsonElement? id) =>
        new(StatusCodes.Status400BadRequest, JsonRpcErrors.InvalidRequest, "Invalid Request: " + reason, id);
}
