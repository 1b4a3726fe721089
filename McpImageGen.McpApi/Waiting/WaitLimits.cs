using McpImageGen.McpApi.Transport;
using Microsoft.Extensions.Options;

namespace McpImageGen.McpApi.Waiting;

/// <summary>How long a call waits that names no time limit.</summary>
internal sealed class WaitLimits(IHttpContextAccessor http, IOptions<WaitOptions> options)
{
    /// <summary>
    /// MCP clients give up a call after a time of their own, often 60 s, and the ids of its jobs are lost with it: they are answered before. Programs that
    /// only post JSON get what the first version of this service promised: 60 s and 3 s for each job.
    /// </summary>
    /// <param name="protocolVersion">The version of MCP that was negotiated or named; null where none was.</param>
    /// <param name="jobs">How many jobs are waited for.</param>
    public TimeSpan For(string? protocolVersion, int jobs) =>
        protocolVersion is not null || http.HttpContext is { } context && RequestHeaders.ReadsEventStreams(context)
            ? options.Value.WaitLimit
            : TimeSpan.FromSeconds(60 + (3 * jobs));
}
