using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace McpImageGen.McpApi.Tools;

/// <summary>The options of a wait.</summary>
/// <param name="Timeout">1 s to 1 h; null if the client sent no time limit.</param>
/// <param name="Inline">True if the result should have previews of the images in addition to the links.</param>
/// <param name="Progress">Receives the progress of the jobs.</param>
/// <param name="ProtocolVersion">The client's version of MCP; null for a program that only posts JSON.</param>
/// <param name="Elsewhere">Receives the jobs if the call must return without waiting; null if the call waits.</param>
internal sealed record WaitOptions(
    TimeSpan? Timeout, bool Inline, IProgress<ProgressNotificationValue> Progress, string? ProtocolVersion, WaitElsewhere? Elsewhere)
{
    public static WaitOptions Of(
        RequestContext<CallToolRequestParams> request, int? timeoutSeconds, bool inline, IProgress<ProgressNotificationValue> progress) =>
        new(
            timeoutSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null, inline, progress,
            request.Server.NegotiatedProtocolVersion, WaitElsewhere.AskedFor(request));
}
