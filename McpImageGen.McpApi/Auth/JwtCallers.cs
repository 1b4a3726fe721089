using System.Security.Claims;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Options;

namespace McpImageGen.McpApi.Auth;

/// <summary>Authenticates callers by the tokens of an identity provider. Each subject is a separate owner, distinct from the owners in the settings.</summary>
internal sealed class JwtCallers(IOptions<JwtOptions> jwt, Refusals refusals) : IConfigureNamedOptions<JwtBearerOptions>
{
    public const string SchemeName = "Jwt";

    private const string OwnerPrefix = "jwt:";
    private const int LongestOwner = 200;

    public void Configure(JwtBearerOptions options) => Configure(SchemeName, options);

    public void Configure(string? name, JwtBearerOptions options)
    {
        if (jwt.Value is not { Authority: { } authority } settings)
            return;
        options.Authority = authority.OriginalString;
        options.RequireHttpsMetadata = authority.Scheme == Uri.UriSchemeHttps;
        options.Audience = settings.Audience;
        options.MapInboundClaims = false;
        options.Events = new JwtBearerEvents
        {
            OnTokenValidated = Recognize,
            OnChallenge = RefuseAsync,
            OnForbidden = context => refusals.MissingScopeAsync(context.HttpContext),
        };
    }

    /// <summary>Whether a caller has the required scopes; a caller with a token from the settings needs none.</summary>
    public static bool HasScopes(ClaimsPrincipal caller, string[] scopes)
    {
        var granted = caller.FindAll(claim => claim.Type is "scope" or "scp").SelectMany(claim => claim.Value.Split(' '));
        return caller.Identity?.AuthenticationType == BearerTokenHandler.SchemeName || !scopes.Except(granted).Any();
    }

    private static Task Recognize(TokenValidatedContext context)
    {
        var subject = context.Principal?.FindFirstValue("sub");
        if (string.IsNullOrWhiteSpace(subject) || subject.Length > LongestOwner - OwnerPrefix.Length)
            context.Fail("The token has no subject, or its subject is too long.");
        else
            ((ClaimsIdentity)context.Principal!.Identity!).AddClaim(new Claim(ClaimTypes.NameIdentifier, OwnerPrefix + subject));
        return Task.CompletedTask;
    }

    private Task RefuseAsync(JwtBearerChallengeContext context)
    {
        context.HandleResponse();
        return refusals.WrongTokenAsync(context.HttpContext, "the token is expired or was not issued by the identity provider for this server. Sign in again.");
    }
}
