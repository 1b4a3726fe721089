using McpImageGen.McpApi.Transport;
using Microsoft.Extensions.Options;

namespace McpImageGen.McpApi.Auth;

/// <summary>
/// Keeps out web pages that reach a server on their visitor's own machine: by a name of theirs that is made to mean 127.0.0.1 (DNS rebinding),
/// or, where no token is asked for, directly. With the setting <c>AllowedHosts</c> the framework checks the names instead, wherever it listens.
/// </summary>
internal sealed class RebindingGuard(RequestDelegate next, IOptions<AuthOptions> auth, IConfiguration configuration)
{
    private readonly bool _namesAreChecked = configuration["AllowedHosts"] is { Length: > 0 } and not "*";

    public Task InvokeAsync(HttpContext context) => Refusal(context) is { } refusal
        ? JsonRpcError.WriteAsync(context.Response, StatusCodes.Status403Forbidden, JsonRpcError.Forbidden, "Forbidden: " + refusal)
        : next(context);

    private string? Refusal(HttpContext context)
    {
        if (!_namesAreChecked && Loopback.IsTarget(context) && !Loopback.IsName(context.Request.Host.Host))
            return "this server listens for its own machine only, but was asked under another name. If that name is meant to lead here, list it in the setting AllowedHosts.";
        if (auth.Value.Anonymous && context.Request.Headers.Origin is [{ Length: > 0 } origin, ..] && !IsLocal(origin))
            return "this server asks for no token, so pages of other sites may not use it.";
        return null;
    }

    private static bool IsLocal(string origin) => Uri.TryCreate(origin, UriKind.Absolute, out var page) && Loopback.IsName(page.Host);
}
