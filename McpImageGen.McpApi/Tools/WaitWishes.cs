using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace McpImageGen.McpApi.Tools;

/// <summary>How a client wants to wait.</summary>
/// <param name="Timeout">1 s to 1 h; null when the client says nothing.</param>
/// <param name="Inline">The answer is to have the images themselves, not only their links.</param>
/// <param name="Progress">Where to report the progress of the jobs.</param>
/// <param name="ProtocolVersion">The version of MCP that the client speaks; null for a program that only posts JSON.</param>
/// <param name="Elsewhere">Where the jobs go when they are waited for elsewhere; null when this call waits.</param>
internal sealed record WaitWishes(
    TimeSpan? Timeout, bool Inline, IProgress<ProgressNotificationValue> Progress, string? ProtocolVersion, WaitElsewhere? Elsewhere)
{
    public static WaitWishes Of(
        RequestContext<CallToolRequestParams> request, int? timeoutSeconds, bool inline, IProgress<ProgressNotificationValue> progress) =>
        new(
            timeoutSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null, inline, progress,
            request.Server.NegotiatedProtocolVersion, WaitElsewhere.AskedFor(request));
}
