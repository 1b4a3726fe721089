using McpImageGen.McpApi.Tools;

namespace McpImageGen.McpApi.Pages.Discovery;

/// <summary>One argument of a tool, as the page describes it.</summary>
internal sealed record ToolArgument(string Name, bool IsRequired, string Description, string Allowed)
{
    public static ToolArgument Of(ArgumentRule rule) => new(
        rule.Name, rule.IsRequired, rule.Description, rule.Default is { } value ? $"({rule.Allowed}; default: {value})" : $"({rule.Allowed})");
}
