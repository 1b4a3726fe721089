using System.Text.Json;

namespace McpImageGen.Tests.Testing;

/// <summary>What a tool call came to.</summary>
/// <param name="IsError">The MCP result's mark.</param>
/// <param name="Raw">The text content, as it was sent.</param>
/// <param name="Json">The JSON object in it; the structured content is the same.</param>
/// <param name="Beside">The contents that follow: links to images, and images.</param>
public sealed record ToolOutcome(bool IsError, string Raw, JsonElement Json, IReadOnlyList<JsonElement> Beside)
{
    public bool Success => Json.GetProperty("success").GetBoolean();

    public string Error => Json.GetProperty("error").GetString()!;

    public IEnumerable<string> Fields => Json.EnumerateObject().Select(property => property.Name);

    public static ToolOutcome Of(JsonElement result)
    {
        var contents = result.GetProperty("content").EnumerateArray().ToList();
        var content = Assert.Single(contents, content => content.GetProperty("type").ValueEquals("text"));
        Assert.Equal(contents[0], content);
        var text = content.GetProperty("text").GetString()!;
        var json = JsonElement.Parse(text);
        Assert.True(JsonElement.DeepEquals(json, result.GetProperty("structuredContent")));
        var isError = result.TryGetProperty("isError", out var mark) && mark.ValueKind == JsonValueKind.True;
        return new ToolOutcome(isError, text, json, contents[1..]);
    }

    public string Text(string field) => Json.GetProperty(field).GetString()!;

    public int Number(string field) => Json.GetProperty(field).GetInt32();

    public IReadOnlyList<JsonElement> List(string field) => [.. Json.GetProperty(field).EnumerateArray()];
}
