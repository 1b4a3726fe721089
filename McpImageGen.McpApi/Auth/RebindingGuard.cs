using McpImageGen.McpApi.Proxies;
using McpImageGen.McpApi.Transport;
using Microsoft.Extensions.Options;

namespace McpImageGen.McpApi.Auth;

/// <summary>
/// Keeps out web pages that reach a server on their visitor's own machine: by a name of theirs that is made to mean 127.0.0.1 (DNS rebinding),
/// or, where no token is asked for, directly. Where <see cref="HostNames"/> are listed, only those lead to the server, wherever it listens.
/// </summary>
internal sealed class RebindingGuard(RequestDelegate next, IOptions<AuthOptions> auth, IOptions<HostNames> hosts)
{
    /// <summary>Who asks whether the server lives calls its address, not its name.</summary>
    private static readonly string[] Probes = ["/alive", "/health"];

    public Task InvokeAsync(HttpContext context) => Refusal(context) is { } refusal
        ? JsonRpcError.WriteAsync(context.Response, StatusCodes.Status403Forbidden, JsonRpcError.Forbidden, "Forbidden: " + refusal)
        : next(context);

    private string? Refusal(HttpContext context)
    {
        var request = context.Request;
        if (!Probes.Contains(request.Path.Value, StringComparer.OrdinalIgnoreCase) && !IsAllowedName(context))
        {
            return hosts.Value.AreListed
                ? $"the host name '{request.Host}' is not allowed. If it should lead to this server, add it to the setting {HostNames.Setting}."
                : "the request arrived on a loopback address but names another host. "
                    + $"If that host name should lead to this server, add it to the setting {HostNames.Setting}, or add the proxy that forwards the request to Proxy__Trusted.";
        }

        if (auth.Value.Anonymous && request.Headers.Origin is [{ Length: > 0 } origin, ..] && !IsLocal(origin) && !IsOwn(origin, request))
            return "this server does not require a token, so pages of other sites are not allowed to call it.";
        return null;
    }

    // What a trusted proxy passes on is never taken for a call of this machine, so no page gains anything by such a name.
    private bool IsAllowedName(HttpContext context) => hosts.Value.AreListed
        ? hosts.Value.Contain(context.Request)
        : !Loopback.IsTarget(context) || Loopback.IsName(context.Request.Host.Host) || ProxySetup.IsBelieved(context.Request);

    private static bool IsLocal(string origin) => Uri.TryCreate(origin, UriKind.Absolute, out var page) && Loopback.IsName(page.Host);

    /// <summary>A form on a page of this server, as the proxy before it serves it.</summary>
    private static bool IsOwn(string origin, HttpRequest request) => origin.Equals($"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase);
}
