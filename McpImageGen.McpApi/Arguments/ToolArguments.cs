using System.Text.Json;
using System.Text.Json.Nodes;
using McpImageGen.McpApi.Application;
using ModelContextProtocol.Server;

namespace McpImageGen.McpApi.Arguments;

/// <summary>
/// Converts the arguments that clients send into the arguments that the tools expect. The rules are the JSON schemas that the SDK generates
/// from the tools' methods but does not enforce. Arguments that several tools share are the properties of one parameter; clients see and send them
/// like all others.
/// </summary>
internal sealed class ToolArguments(IEnumerable<McpServerTool> tools)
{
    // Read before ToolPresentation replaces the schemas with the published ones.
    private readonly Dictionary<string, IReadOnlyList<ArgumentRule>> _rules = tools.ToDictionary(
        tool => tool.ProtocolTool.Name, tool => RulesOf(tool.ProtocolTool.InputSchema));

    /// <summary>The rules of a tool's arguments, in the order of its method's parameters.</summary>
    public IReadOnlyList<ArgumentRule> Of(string tool) => _rules[tool];

    /// <summary>Reads the arguments of a tool call.</summary>
    public ParsedArguments Read(string tool, IDictionary<string, JsonElement>? sent)
    {
        var rules = Of(tool);
        var read = Read(tool, rules, sent);
        foreach (var group in rules.Where(rule => rule.Group is not null).GroupBy(rule => rule.Group!))
        {
            var shared = new JsonObject();
            foreach (var rule in group)
            {
                if (read.Values.Remove(rule.Name, out var value))
                    shared[rule.Name] = JsonSerializer.SerializeToNode(value);
            }

            read.Values[group.Key] = JsonSerializer.SerializeToElement(shared);
        }

        return read;
    }

    /// <summary>
    /// Reads arguments according to their rules. An error contains what a model needs to correct the call: the argument, the value sent,
    /// and the allowed values.
    /// </summary>
    /// <param name="called">The name of the tool or prompt.</param>
    /// <param name="rules">The rules of all its arguments.</param>
    /// <param name="sent">The arguments that the client sent; null for none.</param>
    public static ParsedArguments Read(string called, IReadOnlyList<ArgumentRule> rules, IDictionary<string, JsonElement>? sent)
    {
        var values = new Dictionary<string, JsonElement>();
        List<string> ignored = [.. (sent ?? values).Keys.Where(name => rules.All(rule => rule.Name != name))];
        foreach (var rule in rules)
        {
            var reading = sent is not null && sent.TryGetValue(rule.Name, out var value) ? rule.Read(value) : ParsedArgument.Omitted;
            if (reading.Error is { } error)
                return new(values, ignored, RequestError.Invalid(rule.Name, error));
            if (reading.Value is { } meant)
                values.Add(rule.Name, meant);
        }

        var missing = rules.FirstOrDefault(rule => rule.IsRequired && !values.ContainsKey(rule.Name));
        return new(values, ignored, missing is null ? null : RequestError.Invalid(missing.Name, $"Missing argument '{missing.Name}': {called} requires {missing.Allowed}."));
    }

    private static IReadOnlyList<ArgumentRule> RulesOf(JsonElement schema, string? group = null)
    {
        var required = schema.TryGetProperty("required", out var names) ? names.EnumerateArray().Select(name => name.GetString()).ToHashSet() : [];
        return [.. schema.GetProperty("properties").EnumerateObject().SelectMany(
            property => property.Value.TryGetProperty("properties", out _)
                ? RulesOf(property.Value, property.Name)
                : [ArgumentRule.Of(property.Name, property.Value, required.Contains(property.Name)) with { Group = group }])];
    }
}

/// <summary>The arguments of a call in the form that the tool expects.</summary>
/// <param name="Values">The values of the arguments that were sent, by name.</param>
/// <param name="Ignored">The names of unknown arguments.</param>
/// <param name="Error">The first error; null if all arguments are valid.</param>
internal sealed record ParsedArguments(Dictionary<string, JsonElement> Values, IReadOnlyList<string> Ignored, RequestError? Error);
