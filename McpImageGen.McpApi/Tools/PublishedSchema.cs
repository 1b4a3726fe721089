using System.Text.Json;
using System.Text.Json.Nodes;
using McpImageGen.McpApi.Arguments;
using McpImageGen.McpApi.Results;
using Microsoft.Extensions.Options;
using ModelContextProtocol.Server;

namespace McpImageGen.McpApi.Tools;

/// <summary>
/// The input schema that clients get: only keywords that every model API accepts, and one type for each argument. The descriptions
/// contain what the schema cannot express: the length of strings, and the defaults. docs/tool-schemas.md lists the rules of the APIs.
/// </summary>
internal static class PublishedSchema
{
    private static readonly string[] Limits = ["minimum", "maximum", "minItems", "maxItems"];

    public static JsonElement Of(IReadOnlyList<ArgumentRule> rules)
    {
        var properties = new JsonObject();
        foreach (var rule in rules)
            properties[rule.Name] = Of(rule, DescriptionOf(rule));
        var schema = new JsonObject { ["type"] = "object", ["properties"] = properties };
        if (rules.Any(rule => rule.IsRequired))
            schema["required"] = new JsonArray([.. rules.Where(rule => rule.IsRequired).Select(rule => JsonValue.Create(rule.Name))]);
        return JsonSerializer.SerializeToElement(schema);
    }

    private static JsonObject Of(ArgumentRule rule, string? description)
    {
        var schema = new JsonObject { ["type"] = rule.Type };
        if (description is not null)
            schema["description"] = description;
        if (rule.Values is { } values)
            schema["enum"] = JsonSerializer.SerializeToNode(values);
        foreach (var keyword in Limits)
        {
            if (rule.Schema.TryGetProperty(keyword, out var limit))
                schema[keyword] = JsonSerializer.SerializeToNode(limit);
        }

        if (rule.Type == "array")
            schema["items"] = Of(rule.Items, description: null);
        return schema;
    }

    private static string DescriptionOf(ArgumentRule rule)
    {
        var description = rule.Description;
        if (rule.Number("maxLength") is { } max)
            description += $" {rule.Number("minLength") ?? 0} to {max} characters.";
        if (rule.Default is { } value)
            description += $" Default: {value.ToString().ToLowerInvariant()}.";
        return description;
    }
}

/// <summary>Sets the input and output schemas of each tool that clients get.</summary>
internal sealed class ToolPresentation(ToolArguments arguments) : IPostConfigureOptions<McpServerOptions>
{
    public void PostConfigure(string? name, McpServerOptions options)
    {
        foreach (var tool in options.ToolCollection ?? [])
        {
            var (returns, published) = (tool.Metadata.OfType<ReturnsAttribute>().Single(), tool.ProtocolTool);
            published.InputSchema = PublishedSchema.Of(arguments.Of(published.Name));
            published.OutputSchema = OutputSchema.Of(returns.Results);
            published.Annotations!.Title = null; // the tool itself has the same title
        }
    }
}
