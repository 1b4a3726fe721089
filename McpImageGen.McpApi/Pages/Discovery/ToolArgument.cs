using McpImageGen.McpApi.Arguments;

namespace McpImageGen.McpApi.Pages.Discovery;

/// <summary>The description of one tool argument on the discovery page.</summary>
internal sealed record ToolArgument(string Name, bool IsRequired, string Description, string Allowed)
{
    public static ToolArgument Of(ArgumentRule rule) => new(
        rule.Name, rule.IsRequired, rule.Description, rule.Default is { } value ? $"({rule.Allowed}; default: {value})" : $"({rule.Allowed})");
}
