using System.Text.Json;

namespace McpImageGen.McpApi.Transport;

/// <summary>One message of a JSON-RPC batch.</summary>
/// <param name="Body">The message, as if it had been sent alone.</param>
/// <param name="Id">Its id, where it has one.</param>
/// <param name="Refusal">What is wrong with it; null when nothing is.</param>
internal sealed record BatchPart(byte[] Body, JsonElement? Id, JsonRpcRefusal? Refusal)
{
    /// <summary>The only version of MCP that has batches, and the one that a client speaks which names none (2025-06-18, "Protocol Version Header").</summary>
    private const string Version = "2025-03-26";

    public static bool AreAllowed(string? protocolVersion) => protocolVersion is null or "" or Version;

    public static IReadOnlyList<BatchPart> Of(JsonElement batch, string? protocolVersion) =>
    [
        .. from message in batch.EnumerateArray()
           let refusal = JsonRpcRefusal.Of(message, protocolVersion) ?? JsonRpcRefusal.OfPart(message)
           select new BatchPart(
               WholeNumbers.Rewrite(message) ?? JsonSerializer.SerializeToUtf8Bytes(message),
               refusal is null && message.TryGetProperty("id", out var id) ? id.Clone() : refusal?.Id,
               refusal),
    ];
}
