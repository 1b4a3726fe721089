using System.Net;
using McpImageGen.McpApi.Proxies;

namespace McpImageGen.McpApi.Auth;

/// <summary>Detects calls from programs on this machine.</summary>
internal static class Loopback
{
    /// <summary>Whether the request arrived on a loopback address, which only this machine can reach.</summary>
    public static bool IsTarget(HttpContext context) => context.Connection.LocalIpAddress is { } local && IPAddress.IsLoopback(local);

    /// <summary>
    /// Whether a program on this machine made the call itself, as far as this can be seen. A proxy on this machine that forwards calls of others adds a
    /// header, keeps the name that they asked for, or uses HTTP/1.0, as nginx does unless it is told otherwise.
    /// </summary>
    public static bool IsCaller(HttpContext context) =>
        IsTarget(context)
        && context.Connection.RemoteIpAddress is { } remote && IPAddress.IsLoopback(remote)
        && IsName(context.Request.Host.Host)
        && !HttpProtocol.IsHttp10(context.Request.Protocol)
        && !ProxySetup.IsPassedOn(context.Request);

    /// <summary>Whether a host name in a URL refers to the machine itself.</summary>
    public static bool IsName(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}
