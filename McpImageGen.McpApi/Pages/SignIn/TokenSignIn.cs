using System.Security.Claims;
using McpImageGen.Jobs.Database;
using McpImageGen.McpApi.Auth;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.Extensions.Options;

namespace McpImageGen.McpApi.Pages.SignIn;

/// <summary>Checks the token that a person enters against the tokens that are valid for MCP clients.</summary>
internal sealed class TokenSignIn(
    KnownTokens tokens, FailedLogins failures, SignInSessions sessions, JobsDatabase database, IOptions<JwtOptions> jwt)
{
    private const string TokenHash = "token-sha256";

    /// <summary>Returns the authentication ticket, or what is wrong with the token.</summary>
    public async Task<(AuthenticationTicket? Ticket, string? Error)> TryAsync(HttpContext context, string token)
    {
        if (token.Length == 0)
            return (null, "Enter your token.");
        if (tokens.Find(token) is { } known)
            return (TicketOf(known.Owner, [new Claim(TokenHash, Convert.ToHexString(KnownTokens.HashOf(token)))], new() { IsPersistent = true }), null);
        if (jwt.Value.Authority is not null && JwtCallers.IsJwt(token) && await OfIdentityProviderAsync(context, token) is { } ticket)
            return (ticket, null);
        if (JwtCallers.IsProviderAway(context))
            return (null, "The identity provider is not available. Try again in a few seconds.");
        return (null, failures.Add(context) is null
            ? "This token is not valid for this server. Check that you copied the complete token."
            : "Too many invalid tokens. Wait a minute, then try again.");
    }

    /// <summary>Signs out users whose session has ended, and those whose token is no longer in the settings or now belongs to another owner.</summary>
    public async Task RecheckAsync(CookieValidatePrincipalContext context)
    {
        var isKnown = context.Principal?.FindFirstValue(TokenHash) is { } hash
            ? tokens.FindByHash(Convert.FromHexString(hash))?.Owner == context.Principal.FindFirstValue(ClaimTypes.NameIdentifier)
            : jwt.Value.Authority is not null;
        if (isKnown && SignInSessions.IdOf(context.Principal) is { } session && await IsOpenAsync(session, context.HttpContext))
            return;
        context.RejectPrincipal();
        await context.HttpContext.SignOutAsync(SignInSetup.CookieScheme);
    }

    private async Task<bool> IsOpenAsync(Guid session, HttpContext context)
    {
        try
        {
            return await sessions.IsOpenAsync(session, context.RequestAborted);
        }
        catch (Exception exception) when (database.IsUnavailable(exception) && context.GetEndpoint()?.Metadata.GetMetadata<UncheckedSession>() is { } handled)
        {
            context.Features.Set(handled);
            return true;
        }
    }

    private async Task<AuthenticationTicket?> OfIdentityProviderAsync(HttpContext context, string token)
    {
        context.Request.Headers.Authorization = "Bearer " + token;
        var result = await context.AuthenticateAsync(JwtCallers.SchemeName);
        return result.Principal?.FindFirstValue(ClaimTypes.NameIdentifier) is { } owner && JwtCallers.HasScopes(result.Principal, jwt.Value.Scopes)
            ? TicketOf(owner, [], new() { ExpiresUtc = result.Properties?.ExpiresUtc, AllowRefresh = false, IsPersistent = true })
            : null;
    }

    private static AuthenticationTicket TicketOf(string owner, IEnumerable<Claim> claims, AuthenticationProperties properties) => new(
        new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, owner), .. claims], SignInSetup.CookieScheme)),
        properties,
        SignInSetup.CookieScheme);
}
