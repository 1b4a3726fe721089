using McpImageGen.McpApi.Transport;
using McpImageGen.McpApi.Waiting;
using Microsoft.Extensions.Options;

namespace McpImageGen.McpApi.Tools;

/// <summary>The time limit of calls that do not set one.</summary>
internal sealed class DefaultWaitLimit(IHttpContextAccessor http, IOptions<WaitLimitOptions> options)
{
    /// <summary>
    /// MCP clients abandon a call after their own timeout, often 60 s, and lose the job ids, so they get a result before that. Programs that
    /// only post JSON get the limit of the first version of this service: 60 s plus 3 s for each job.
    /// </summary>
    /// <param name="protocolVersion">The version of MCP that was negotiated or sent in a header; null if there was none.</param>
    /// <param name="jobs">The number of awaited jobs.</param>
    public TimeSpan For(string? protocolVersion, int jobs) =>
        protocolVersion is not null || http.HttpContext is { } context && RequestHeaders.ReadsEventStreams(context)
            ? options.Value.WaitLimit
            : TimeSpan.FromSeconds(60 + (3 * jobs));
}
