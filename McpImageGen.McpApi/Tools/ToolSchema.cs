using System.Text.Json;

namespace McpImageGen.McpApi.Tools;

/// <summary>
/// Holds a call's arguments against its tool's published JSON schema, which the SDK publishes but does not enforce.
/// What is wrong is said such that a model can mend it: which argument, what was sent, what is allowed.
/// </summary>
internal static class ToolSchema
{
    /// <summary>What is wrong with the arguments, and null when nothing is.</summary>
    public static ToolRefusal? Check(string tool, JsonElement schema, IDictionary<string, JsonElement> arguments)
    {
        var properties = schema.GetProperty("properties");
        foreach (var (name, value) in arguments)
        {
            if (!properties.TryGetProperty(name, out var property))
                return new(name, $"Unknown argument '{name}': {tool} takes {ListOf(properties)}.");
            if (ArgumentRule.Of(name, property).Refusal(value) is { } reason)
                return new(name, reason);
        }

        if (schema.TryGetProperty("required", out var required))
        {
            var missing = required.EnumerateArray().Select(name => name.GetString()!).FirstOrDefault(name => !arguments.ContainsKey(name));
            if (missing is not null)
                return new(missing, $"Missing argument '{missing}': {tool} needs {ArgumentRule.Of(missing, properties.GetProperty(missing)).Allowed}.");
        }

        return null;
    }

    private static string ListOf(JsonElement properties) =>
        string.Join(", ", properties.EnumerateObject().Select(property => property.Name));
}
