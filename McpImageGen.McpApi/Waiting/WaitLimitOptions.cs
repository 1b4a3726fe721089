using System.ComponentModel.DataAnnotations;

namespace McpImageGen.McpApi.Waiting;

/// <summary>Time limits of calls that wait for jobs. Section <c>Mcp</c>.</summary>
public sealed class WaitLimitOptions
{
    public const string Section = "Mcp";

    /// <summary>
    /// How long a call of an MCP client waits if it does not set <c>timeout_seconds</c>. 1 s to 1 h, default 45 s: many clients abandon a call after
    /// 60 s, and submitting the jobs and sending the result also take time.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00", ErrorMessage = "Mcp__WaitLimit must be between 00:00:01 and 01:00:00.")]
    public TimeSpan WaitLimit { get; set; } = TimeSpan.FromSeconds(45);
}
