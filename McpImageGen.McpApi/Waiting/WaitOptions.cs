using System.ComponentModel.DataAnnotations;

namespace McpImageGen.McpApi.Waiting;

/// <summary>How long calls wait for jobs. Section <c>Mcp</c>.</summary>
public sealed class WaitOptions
{
    public const string Section = "Mcp";

    /// <summary>
    /// How long a call of an MCP client waits that names no <c>timeout_seconds</c>. 1 s to 1 h, default 45 s: many clients give up a call after 60 s,
    /// and accepting the jobs and sending the answer take time, too.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00", ErrorMessage = "Mcp__WaitLimit must be between 00:00:01 and 01:00:00.")]
    public TimeSpan WaitLimit { get; set; } = TimeSpan.FromSeconds(45);
}
