using System.Text.Json;
using ModelContextProtocol.Server;

namespace McpImageGen.McpApi.Tools;

/// <summary>
/// The one place that turns what clients send into what the tools take. The rules are the JSON schemas that the SDK generates from the tools'
/// methods and does not enforce.
/// </summary>
internal sealed class ToolArguments(IEnumerable<McpServerTool> tools)
{
    // Read before ToolPresentation publishes a part of them.
    private readonly Dictionary<string, IReadOnlyList<ArgumentRule>> _rules = tools.ToDictionary(
        tool => tool.ProtocolTool.Name, tool => RulesOf(tool.ProtocolTool.InputSchema));

    /// <summary>What the arguments of a tool take, in the order of its method.</summary>
    public IReadOnlyList<ArgumentRule> Of(string tool) => _rules[tool];

    /// <summary>Reads the arguments of a call of a tool.</summary>
    public ReadArguments Read(string tool, IDictionary<string, JsonElement>? sent) => Read(tool, Of(tool), sent);

    /// <summary>Reads arguments by their rules. What is wrong is said so that a model can correct it: which argument, what was sent, what is allowed.</summary>
    /// <param name="called">The name of what takes the arguments.</param>
    /// <param name="rules">All that it takes.</param>
    /// <param name="sent">What the client sent; null for nothing.</param>
    public static ReadArguments Read(string called, IReadOnlyList<ArgumentRule> rules, IDictionary<string, JsonElement>? sent)
    {
        var values = new Dictionary<string, JsonElement>();
        List<string> ignored = [.. (sent ?? values).Keys.Where(name => rules.All(rule => rule.Name != name))];
        foreach (var rule in rules)
        {
            var reading = sent is not null && sent.TryGetValue(rule.Name, out var value) ? rule.Read(value) : ArgumentReading.LeftOut;
            if (reading.Refusal is { } reason)
                return new(values, ignored, new(rule.Name, reason));
            if (reading.Value is { } meant)
                values.Add(rule.Name, meant);
        }

        var missing = rules.FirstOrDefault(rule => rule.IsRequired && !values.ContainsKey(rule.Name));
        return new(values, ignored, missing is null ? null : new(missing.Name, $"Missing argument '{missing.Name}': {called} requires {missing.Allowed}."));
    }

    private static IReadOnlyList<ArgumentRule> RulesOf(JsonElement schema)
    {
        var required = schema.TryGetProperty("required", out var names) ? names.EnumerateArray().Select(name => name.GetString()).ToHashSet() : [];
        return [.. schema.GetProperty("properties").EnumerateObject().Select(
            property => ArgumentRule.Of(property.Name, property.Value, required.Contains(property.Name)))];
    }
}
