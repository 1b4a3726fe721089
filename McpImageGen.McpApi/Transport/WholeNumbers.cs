using System.Text.Json;
using System.Text.Json.Nodes;

namespace McpImageGen.McpApi.Transport;

/// <summary>
/// In JSON, 1 and 1.0 are the same number, also for JSON Schema's "integer" and therefore for MCP's ids and progress tokens; the MCP SDK
/// reads only the first form.
/// </summary>
internal static class WholeNumbers
{
    /// <summary>The places in a message with integers that the client chose and that are sent back to it.</summary>
    private static readonly string[][] Places = [["id"], ["params", "requestId"], ["params", "_meta", "progressToken"]];

    /// <summary>Reads an integer in any notation.</summary>
    public static bool TryRead(JsonElement value, out long number)
    {
        number = 0;
        if (value.ValueKind != JsonValueKind.Number)
            return false;
        if (value.TryGetInt64(out number))
            return true;
        if (!value.TryGetDecimal(out var exact) || exact != decimal.Truncate(exact) || exact is < long.MinValue or > long.MaxValue)
            return false;
        number = (long)exact;
        return true;
    }

    /// <summary>The message with these integers in their plain form; null if it needs no change.</summary>
    public static byte[]? Rewrite(JsonElement message)
    {
        JsonNode? rewritten = null;
        foreach (var place in Places)
        {
            if (Find(message, place) is not { } value || value.TryGetInt64(out _) || !TryRead(value, out var number))
                continue;
            rewritten ??= JsonNode.Parse(message.GetRawText())!;
            place[..^1].Aggregate(rewritten, (node, name) => node[name]!)[place[^1]] = number;
        }

        return rewritten is null ? null : JsonSerializer.SerializeToUtf8Bytes(rewritten);
    }

    private static JsonElement? Find(JsonElement message, string[] place)
    {
        foreach (var name in place)
        {
            if (message.ValueKind != JsonValueKind.Object || !message.TryGetProperty(name, out message))
                return null;
        }

        return message.ValueKind == JsonValueKind.Number ? message : null;
    }
}
