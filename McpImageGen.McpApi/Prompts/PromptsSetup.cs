namespace McpImageGen.McpApi.Prompts;

internal static class PromptsSetup
{
    /// <summary>Adds the prompts.</summary>
    public static IMcpServerBuilder WithImagePrompts(this IMcpServerBuilder mcp) => mcp
        .WithPrompts<ImagePrompts>()
        .WithRequestFilters(filters => filters.AddGetPromptFilter(PromptCalls.Around));
}
