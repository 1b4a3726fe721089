using System.ComponentModel.DataAnnotations;

namespace McpImageGen.McpApi.Auth;

/// <summary>What one owner may ask of one API process, so that it leaves something to the others. Section <c>Limits</c>.</summary>
public sealed class LimitsOptions
{
    public const string Section = "Limits";

    /// <summary>Calls of one owner that are under way at once, waiting ones included. 1 to 1,000,000, default 5,000.</summary>
    [Range(1, 1_000_000, ErrorMessage = "Limits__CallsAtOnce must be between 1 and 1000000.")]
    public int CallsAtOnce { get; set; } = 5_000;

    /// <summary>Calls of one owner in a minute. 1 to 100,000,000, default 30,000.</summary>
    [Range(1, 100_000_000, ErrorMessage = "Limits__CallsPerMinute must be between 1 and 100000000.")]
    public int CallsPerMinute { get; set; } = 30_000;

    /// <summary>Calls with an unknown token from one address in a minute, after which further ones get 429. Known tokens are never refused. 1 to 1,000,000, default 60.</summary>
    [Range(1, 1_000_000, ErrorMessage = "Limits__FailedLoginsPerMinute must be between 1 and 1000000.")]
    public int FailedLoginsPerMinute { get; set; } = 60;
}
