using System.Text.Json;

namespace McpImageGen.Tests.Testing;

/// <summary>What a tool call came to.</summary>
/// <param name="IsError">The MCP result's mark.</param>
/// <param name="Raw">The one text content, as it was sent.</param>
/// <param name="Json">The JSON object in it.</param>
public sealed record ToolOutcome(bool IsError, string Raw, JsonElement Json)
{
    public bool Success => Json.GetProperty("success").GetBoolean();

    public string Error => Json.GetProperty("error").GetString()!;

    public IEnumerable<string> Fields => Json.EnumerateObject().Select(property => property.Name);

    public static ToolOutcome Of(JsonElement result)
    {
        var content = Assert.Single(result.GetProperty("content").EnumerateArray());
        Assert.Equal("text", content.GetProperty("type").GetString());
        var text = content.GetProperty("text").GetString()!;
        var isError = result.TryGetProperty("isError", out var mark) && mark.ValueKind == JsonValueKind.True;
        return new ToolOutcome(isError, text, JsonElement.Parse(text));
    }

    public string Text(string field) => Json.GetProperty(field).GetString()!;

    public int Number(string field) => Json.GetProperty(field).GetInt32();

    public IReadOnlyList<JsonElement> List(string field) => [.. Json.GetProperty(field).EnumerateArray()];
}
