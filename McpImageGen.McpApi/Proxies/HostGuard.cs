using McpImageGen.McpApi.Transport;

namespace McpImageGen.McpApi.Proxies;

/// <summary>Rejects requests whose <c>Host</c> is missing or cannot be part of a URL: links are made with it, and names are compared with it.</summary>
internal sealed class HostGuard(RequestDelegate next)
{
    /// <summary>Health probes need no host name, and some send none.</summary>
    private static readonly string[] Probes = ["/alive", "/health"];

    public Task InvokeAsync(HttpContext context) =>
        IsProbe(context.Request) || IsValid(context.Request)
            ? next(context)
            : RefuseAsync(context);

    public static Task RefuseAsync(HttpContext context) => JsonRpcErrors.WriteAsync(
        context.Response,
        StatusCodes.Status400BadRequest,
        JsonRpcErrors.InvalidRequest,
        "Invalid Request: the Host header is missing or is not a host name with an optional port.");

    /// <summary>Whether the request is a health probe, which may use any name.</summary>
    public static bool IsProbe(HttpRequest request) => Probes.Contains(request.Path.Value, StringComparer.OrdinalIgnoreCase);

    private static bool IsValid(HttpRequest request)
    {
        try
        {
            return request.Host is { HasValue: true, Host.Length: > 0 } host
                && !HasEmptyPort(host.Value!)
                && Uri.TryCreate($"http://{host.ToUriComponent()}/", UriKind.Absolute, out var address)
                && address is { UserInfo: "", PathAndQuery: "/", Fragment: "", Port: > 0 }
                && Uri.CheckHostName(address.DnsSafeHost) != UriHostNameType.Unknown;
        }
        catch (ArgumentException)
        {
            // Not a valid internationalized name.
            return false;
        }
    }

    private static bool HasEmptyPort(string host) => host.EndsWith(':');
}
