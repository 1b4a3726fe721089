using System.Text.Json;

namespace McpImageGen.McpApi.Transport;

/// <summary>One message of a JSON-RPC batch.</summary>
/// <param name="Body">The message as JSON.</param>
/// <param name="Id">The id of the message; null if it has none.</param>
/// <param name="Error">What is wrong with the message; null if it is valid.</param>
internal sealed record BatchPart(byte[] Body, JsonElement? Id, JsonRpcRequestError? Error)
{
    /// <summary>The only version of MCP with batches. It also applies to clients that send no version (2025-06-18, "Protocol Version Header").</summary>
    private const string Version = "2025-03-26";

    public static bool AreAllowed(string? protocolVersion) => protocolVersion is null or "" or Version;

    public static IReadOnlyList<BatchPart> Of(JsonElement batch, string? protocolVersion, TelemetryNames names, IHeaderDictionary headers) =>
    [
        .. from message in batch.EnumerateArray()
           let error = JsonRpcRequestError.Of(message, protocolVersion) ?? JsonRpcRequestError.OfPart(message)
           select new BatchPart(
               (error is null ? names.Rewrite(message, headers) : null) ?? JsonSerializer.SerializeToUtf8Bytes(message),
               error is null && message.TryGetProperty("id", out var id) ? id.Clone() : error?.Id,
               error),
    ];
}
