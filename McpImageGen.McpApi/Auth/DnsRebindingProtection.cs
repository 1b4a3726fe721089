using McpImageGen.McpApi.Proxies;
using McpImageGen.McpApi.Transport;
using Microsoft.Extensions.Options;

namespace McpImageGen.McpApi.Auth;

/// <summary>
/// Blocks web pages that call a server on their visitor's machine: through a host name of theirs that resolves to 127.0.0.1 (DNS rebinding),
/// or directly if no token is required. If <see cref="HostNames"/> are listed, only those names are accepted, on any address.
/// </summary>
internal sealed class DnsRebindingProtection(RequestDelegate next, IOptions<AuthOptions> auth, IOptions<HostNames> hosts)
{
    public Task InvokeAsync(HttpContext context) => FindError(context) is { } error
        ? JsonRpcErrors.WriteAsync(context.Response, StatusCodes.Status403Forbidden, JsonRpcErrors.Forbidden, "Forbidden: " + error)
        : next(context);

    private string? FindError(HttpContext context)
    {
        var request = context.Request;
        if (!HostGuard.IsProbe(request) && !IsAllowedName(context))
        {
            return hosts.Value.AreListed
                ? $"the host name '{request.Host}' is not allowed. If it should lead to this server, add it to the setting {HostNames.Setting}."
                : "the request arrived on a loopback address but names another host. "
                    + $"If that host name should lead to this server, add it to the setting {HostNames.Setting}, or add the proxy that forwards the request to Proxy__Trusted.";
        }

        if (request.Headers.Origin.Any(origin => !IsOrigin(origin)))
            return "the Origin header is invalid.";
        if (auth.Value.Anonymous && request.Headers.Origin is [{ Length: > 0 } origin, ..] && !IsLocal(origin) && !IsOwn(origin, request))
            return "this server does not require a token, so pages of other sites are not allowed to call it.";
        return null;
    }

    // A request that a trusted proxy forwards is never treated as a call from this machine, so a page gains nothing from such a name.
    private bool IsAllowedName(HttpContext context) => hosts.Value.AreListed
        ? hosts.Value.Contain(context.Request)
        : !Loopback.IsTarget(context) || Loopback.IsName(context.Request.Host.Host) || ProxySetup.IsBelieved(context.Request);

    /// <summary>Whether the value is an origin (RFC 6454): a scheme, a host and an optional port, or <c>null</c>. Pages in local files send <c>file://</c>.</summary>
    private static bool IsOrigin(string? origin) => origin is null or "" or "null" or "file://"
        || (origin.Contains("://", StringComparison.Ordinal)
            && Uri.TryCreate(origin, UriKind.Absolute, out var page)
            && page is { Host.Length: > 0, UserInfo: "", AbsolutePath: "" or "/", Query: "", Fragment: "" });

    private static bool IsLocal(string origin) => Uri.TryCreate(origin, UriKind.Absolute, out var page) && Loopback.IsName(page.Host);

    /// <summary>Whether the origin is this server itself, with the scheme and host that a proxy in front of it uses.</summary>
    private static bool IsOwn(string origin, HttpRequest request) => origin.Equals($"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase);
}
