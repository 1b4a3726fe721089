using System.ComponentModel.DataAnnotations;

namespace McpImageGen.McpApi.Auth;

/// <summary>Limits for each owner in one API process, so that one owner cannot block the others. Section <c>Limits</c>.</summary>
public sealed class LimitsOptions
{
    public const string Section = "Limits";

    /// <summary>Concurrent calls of one owner, including waiting calls. 1 to 1,000,000, default 5,000.</summary>
    [Range(1, 1_000_000, ErrorMessage = "Limits__CallsAtOnce must be between 1 and 1000000.")]
    public int CallsAtOnce { get; set; } = 5_000;

    /// <summary>Calls per minute of one owner. 1 to 100,000,000, default 30,000.</summary>
    [Range(1, 100_000_000, ErrorMessage = "Limits__CallsPerMinute must be between 1 and 100000000.")]
    public int CallsPerMinute { get; set; } = 30_000;

    /// <summary>Open event streams of one owner: pages of the gallery, and connections to <c>/sse</c>. 1 to 100,000, default 100.</summary>
    [Range(1, 100_000, ErrorMessage = "Limits__StreamsAtOnce must be between 1 and 100000.")]
    public int StreamsAtOnce { get; set; } = 100;

    /// <summary>
    /// Calls per minute with an unknown token from one address; further ones get 429. Calls with a valid token are not affected.
    /// 1 to 1,000,000, default 60.
    /// </summary>
    [Range(1, 1_000_000, ErrorMessage = "Limits__FailedLoginsPerMinute must be between 1 and 1000000.")]
    public int FailedLoginsPerMinute { get; set; } = 60;
}
