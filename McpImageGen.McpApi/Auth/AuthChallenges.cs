using System.Globalization;
using McpImageGen.McpApi.Transport;
using Microsoft.Extensions.Options;

namespace McpImageGen.McpApi.Auth;

/// <summary>Answers rejected calls: with a header for clients that can sign in, and with a JSON-RPC error for all clients.</summary>
internal sealed class AuthChallenges(IOptions<JwtOptions> jwt, FailedLogins failures)
{
    private const string Realm = "Bearer realm=\"mcp-image-generator\"";
    private const string MetadataPath = "/.well-known/oauth-protected-resource";

    public Task NoTokenAsync(HttpContext context) =>
        WriteAsync(context, Realm, "Unauthorized: send the header 'Authorization: Bearer TOKEN'.");

    /// <summary>The token may be right, so this is neither a wrong token nor counted as one.</summary>
    public static Task ProviderAwayAsync(HttpContext context)
    {
        context.Response.Headers.RetryAfter = IdentityProviderKeys.Pause.TotalSeconds.ToString(CultureInfo.InvariantCulture);
        return JsonRpcErrors.WriteAsync(
            context.Response,
            StatusCodes.Status503ServiceUnavailable,
            JsonRpcErrors.Unavailable,
            "Service unavailable: the identity provider is not available, so the token could not be checked. Try again in a few seconds.");
    }

    public Task WrongTokenAsync(HttpContext context, string reason)
    {
        if (failures.Add(context) is { } wait)
            return JsonRpcErrors.WriteTooManyAsync(context.Response, wait, "Too many calls with invalid tokens.");
        return WriteAsync(context, Realm + ", error=\"invalid_token\"", "Unauthorized: " + reason);
    }

    public Task MissingScopeAsync(HttpContext context)
    {
        context.Response.Headers.WWWAuthenticate = $"{Realm}, error=\"insufficient_scope\", scope=\"{jwt.Value.Scope}\"{Metadata(context.Request)}";
        return JsonRpcErrors.WriteAsync(
            context.Response, StatusCodes.Status403Forbidden, JsonRpcErrors.Forbidden, $"Forbidden: the token must have the scope '{jwt.Value.Scope}'.");
    }

    private Task WriteAsync(HttpContext context, string challenge, string message)
    {
        context.Response.Headers.WWWAuthenticate = challenge + Metadata(context.Request);
        return JsonRpcErrors.WriteAsync(context.Response, StatusCodes.Status401Unauthorized, JsonRpcErrors.Unauthorized, message);
    }

    /// <summary>The URL of the metadata about the identity provider. Empty without an identity provider: clients would follow the URL and fail.</summary>
    private string Metadata(HttpRequest request) =>
        jwt.Value.Authority is null ? "" : $", resource_metadata=\"{request.Scheme}://{request.Host}{request.PathBase}{MetadataPath}{request.Path}\"";
}
