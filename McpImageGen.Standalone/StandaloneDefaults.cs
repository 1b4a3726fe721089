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

    /// <summary>
    /// The user's token (the configured one, otherwise the one saved in the data folder) and where the user finds it. The place is null if the token was
    /// generated now: only then is the token printed, because the output of a service is kept in logs.
    /// </summary>
    public static (string Token, string? Place) ChooseToken(ConfigurationManager configuration, DataFolder data)
    {
        if (configuration[AuthOptions.TokenSetting]?.Trim() is { Length: > 0 } configured)
            return (configured, $"the one in {AuthOptions.TokenSetting}");
        if (configuration.GetSection(AuthOptions.Section).GetSection(nameof(AuthOptions.Tokens)).GetChildren().Any())
            return ("ONE-OF-AUTH__TOKENS", "one of Auth__Tokens");

        var kept = data.KeptToken(out var isNew);
        configuration[AuthOptions.TokenSetting] = kept;
        return (kept, isNew ? null : $"kept in {data.TokenFile}");
    }
}
