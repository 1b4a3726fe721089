using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace McpImageGen.McpApi.Auth;

/// <summary>Authenticates callers by the bearer tokens in the settings and, if enabled, callers on this machine without a token.</summary>
internal sealed class BearerTokenHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory loggers,
    UrlEncoder encoder,
    IOptionsMonitor<AuthOptions> auth,
    KnownTokens tokens,
    AuthChallenges challenges) : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    public const string SchemeName = "Token";

    private const string Prefix = "Bearer ";

    /// <summary>The bearer token of a request; null if there is none.</summary>
    public static string? Sent(HttpRequest request) =>
        request.Headers.Authorization.ToString() is var header && header.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)
            ? header[Prefix.Length..].Trim()
            : null;

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Sent(Request) is not { } token)
        {
            return Task.FromResult(auth.CurrentValue.Anonymous && Loopback.IsCaller(Context)
                ? Known(AuthOptions.DefaultOwner)
                : AuthenticateResult.NoResult());
        }

        return Task.FromResult(tokens.Find(token) is { } known ? Known(known.Owner) : AuthenticateResult.Fail("Unknown token."));
    }

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        if ((await HandleAuthenticateOnceSafeAsync()).Failure is null)
            await challenges.NoTokenAsync(Context);
        else
            await challenges.WrongTokenAsync(Context, "the bearer token is not valid for this server. Check that you copied the complete token.");
    }

    private static AuthenticateResult Known(string owner)
    {
        var identity = new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, owner)], SchemeName);
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), SchemeName));
    }
}
