using McpImageGen.McpApi.Auth;
using McpImageGen.Standalone.Embedded;
using Microsoft.Extensions.Configuration.Memory;

namespace McpImageGen.Standalone;

/// <summary>The default settings of the standalone server.</summary>
internal static class StandaloneDefaults
{
    public static IConfigurationSource Source => new MemoryConfigurationSource
    {
        InitialData = new Dictionary<string, string?>
        {
            ["urls"] = StandaloneServer.DefaultUrl,
            ["Logging:LogLevel:Default"] = "Warning",
            ["Logging:LogLevel:McpImageGen"] = "Information",
            ["Logging:Console:FormatterName"] = "simple",
            ["Logging:Console:FormatterOptions:SingleLine"] = "true",
            ["Logging:Console:FormatterOptions:TimestampFormat"] = "HH:mm:ss ",

            // Usually someone has pressed Ctrl-C and is waiting; released jobs continue at the next start.
            ["Worker:DrainFor"] = "00:00:05",
        },
    };

    /// <summary>The token to show to the user: the configured one, otherwise the one saved in the data folder.</summary>
    public static string ChooseToken(ConfigurationManager configuration, DataFolder data)
    {
        if (configuration[AuthOptions.TokenSetting]?.Trim() is { Length: > 0 } configured)
            return configured;
        if (configuration.GetSection(AuthOptions.Section).GetSection(nameof(AuthOptions.Tokens)).GetChildren().Any())
            return "ONE-OF-AUTH__TOKENS";

        var kept = data.KeptToken();
        configuration[AuthOptions.TokenSetting] = kept;
        return kept;
    }
}
