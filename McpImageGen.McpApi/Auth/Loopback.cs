using System.Net;
using McpImageGen.McpApi.Proxies;

namespace McpImageGen.McpApi.Auth;

/// <summary>Tells programs on this machine from everybody else.</summary>
internal static class Loopback
{
    /// <summary>Whether the server was reached at an address that only this machine can reach.</summary>
    public static bool IsTarget(HttpContext context) => context.Connection.LocalIpAddress is { } local && IPAddress.IsLoopback(local);

    /// <summary>Whether a program on this machine calls for itself. A proxy that passes on what others ask says so in a header.</summary>
    public static bool IsCaller(HttpContext context) =>
        IsTarget(context)
        && context.Connection.RemoteIpAddress is { } remote && IPAddress.IsLoopback(remote)
        && !ProxySetup.IsPassedOn(context.Request);

    /// <summary>Whether a name in a URL means the machine itself.</summary>
    public static bool IsName(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}
