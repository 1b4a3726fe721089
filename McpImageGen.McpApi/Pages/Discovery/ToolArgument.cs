using System.Text.Json;
using McpImageGen.McpApi.Tools;
using ModelContextProtocol.Protocol;

namespace McpImageGen.McpApi.Pages.Discovery;

/// <summary>One argument of a tool, as its published schema has it.</summary>
internal sealed record ToolArgument(string Name, bool IsRequired, string Description, string Allowed)
{
    public static IReadOnlyList<ToolArgument> Of(Tool tool)
    {
        var required = tool.InputSchema.TryGetProperty("required", out var names) ? names.EnumerateArray().Select(name => name.GetString()).ToList() : [];
        return
        [
            .. from property in tool.InputSchema.GetProperty("properties").EnumerateObject()
               select new ToolArgument(property.Name, required.Contains(property.Name), TextOf(property.Value), AllowedBy(property)),
        ];
    }

    private static string TextOf(JsonElement schema) => schema.TryGetProperty("description", out var text) ? text.GetString()! : "";

    private static string AllowedBy(JsonProperty property)
    {
        var allowed = ArgumentRule.Of(property.Name, property.Value).Allowed;
        return property.Value.TryGetProperty("default", out var value) && value.ValueKind is not JsonValueKind.Null
            ? $"({allowed}; {value} when left out)"
            : $"({allowed})";
    }
}
