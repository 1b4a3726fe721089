using System.ComponentModel.DataAnnotations;

namespace McpImageGen.McpApi.Transport;

/// <summary>Settings of the MCP endpoints. Section <c>Mcp</c>.</summary>
public sealed class McpTransportOptions
{
    public const string Section = "Mcp";

    /// <summary>
    /// The interval of keep-alive data while a response is pending. 10 ms to 5 s, default 5 s:
    /// some clients drop a stream that is idle for 10 s.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:00:05", ErrorMessage = "Mcp__KeepAliveEvery must be between 00:00:00.010 and 00:00:05.")]
    public TimeSpan KeepAliveEvery { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The maximum size of a request in bytes. 10,000 to 60,000,000, default 1,000,000. <see cref="RequestBody"/> reads no more than 64 MiB.</summary>
    [Range(10_000, 60_000_000, ErrorMessage = "Mcp__LargestRequest must be between 10000 and 60000000.")]
    public int LargestRequest { get; set; } = 1_000_000;
}
