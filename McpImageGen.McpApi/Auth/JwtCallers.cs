using System.Security.Claims;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace McpImageGen.McpApi.Auth;

/// <summary>Authenticates callers by the tokens of an identity provider. Each subject is a separate owner, distinct from the owners in the settings.</summary>
internal sealed class JwtCallers(IOptions<JwtOptions> jwt, IdentityProviderKeys keys, AuthChallenges challenges) : IConfigureNamedOptions<JwtBearerOptions>
{
    public const string SchemeName = "Jwt";

    /// <summary>The first characters of the owner of a JWT. No owner in the settings has them.</summary>
    public const string OwnerPrefix = "jwt:";

    private const int MaxOwner = 200;

    /// <summary>The maximum difference between the clocks of this server and of the identity provider.</summary>
    private static readonly TimeSpan MaxClockSkew = TimeSpan.FromSeconds(60);

    /// <summary>How long to wait for an identity provider that accepts connections but does not respond.</summary>
    private static readonly TimeSpan ProviderTimeout = TimeSpan.FromSeconds(10);

    /// <summary>The media types of access tokens; <c>at+jwt</c> is that of RFC 9068.</summary>
    private static readonly string[] AccessTokenTypes = ["JWT", "at+jwt", "application/at+jwt"];

    /// <summary>Claims that only ID tokens have (OpenID Connect Core, 3.3.2.11).</summary>
    private static readonly string[] IdTokenClaims = ["at_hash", "c_hash"];

    public void Configure(JwtBearerOptions options) => Configure(SchemeName, options);

    public void Configure(string? name, JwtBearerOptions options)
    {
        if (jwt.Value is not { Authority: { } authority } settings)
            return;
        options.Authority = authority.OriginalString;
        options.RequireHttpsMetadata = authority.Scheme == Uri.UriSchemeHttps;
        options.Audience = settings.Audience;
        options.MapInboundClaims = false;
        options.BackchannelTimeout = ProviderTimeout;
        options.TokenValidationParameters.ClockSkew = MaxClockSkew;
        options.TokenValidationParameters.TypeValidator = CheckType;
        options.Events = new JwtBearerEvents
        {
            OnMessageReceived = CheckProviderAsync,
            OnTokenValidated = Recognize,
            OnChallenge = RefuseAsync,
            OnForbidden = context => challenges.MissingScopeAsync(context.HttpContext),
        };
    }

    /// <summary>Whether a caller has the required scopes; a caller with a token from the settings needs none.</summary>
    public static bool HasScopes(ClaimsPrincipal caller, string[] scopes)
    {
        var granted = caller.FindAll(claim => claim.Type is "scope" or "scp").SelectMany(claim => claim.Value.Split(' '));
        return caller.Identity?.AuthenticationType == BearerTokenHandler.SchemeName || !scopes.Except(granted).Any();
    }

    /// <summary>Whether a token has the form of a JWT: three parts separated by dots. A token in the settings has not.</summary>
    public static bool IsJwt(string? token) => token?.Count(character => character == '.') == 2;

    /// <summary>Whether the JWT of a request could not be checked because the identity provider was not available.</summary>
    public static bool IsProviderAway(HttpContext context) => context.Items.ContainsKey(typeof(IdentityProviderKeys));

    private async Task CheckProviderAsync(MessageReceivedContext context)
    {
        if (await keys.AreKnownAsync(context.Options, context.HttpContext.RequestAborted))
            return;
        context.HttpContext.Items[typeof(IdentityProviderKeys)] = true;
        context.Fail("The identity provider is not available.");
    }

    private static Task Recognize(TokenValidatedContext context)
    {
        var subject = context.Principal?.FindFirstValue("sub");
        if (context.SecurityToken is not JsonWebToken token || HasCriticalParameters(token))
            context.Fail("The token has critical header parameters, which this server does not support.");
        else if (IsIdToken(context.Principal!, token))
            context.Fail("The token is an ID token, not an access token.");
        else if (string.IsNullOrWhiteSpace(subject) || subject.Length > MaxOwner - OwnerPrefix.Length)
            context.Fail("The token has no subject, or its subject is too long.");
        else
            ((ClaimsIdentity)context.Principal!.Identity!).AddClaim(new Claim(ClaimTypes.NameIdentifier, OwnerPrefix + subject));
        return Task.CompletedTask;
    }

    /// <summary>Other types, such as <c>logout+jwt</c>, are for other purposes. Not every identity provider names the type.</summary>
    private static string CheckType(string? type, SecurityToken token, TokenValidationParameters parameters) =>
        string.IsNullOrEmpty(type) || AccessTokenTypes.Contains(type, StringComparer.OrdinalIgnoreCase)
            ? type ?? ""
            : throw new SecurityTokenInvalidTypeException($"Tokens of the type {type} are not accepted.");

    /// <summary>Whether the header has parameters that a recipient must understand (RFC 7515, 4.1.11). This server understands none.</summary>
    private static bool HasCriticalParameters(JsonWebToken token)
    {
        using var header = JsonDocument.Parse(Base64UrlEncoder.DecodeBytes(token.EncodedHeader));
        return header.RootElement.TryGetProperty("crit", out _);
    }

    /// <summary>
    /// Whether the token is an ID token, which tells a client who signed in and does not permit a call. Some identity providers say so in a claim.
    /// A nonce can also be in an access token, which then has scopes or a type.
    /// </summary>
    private static bool IsIdToken(ClaimsPrincipal caller, JsonWebToken token)
    {
        var kind = caller.FindFirstValue("token_use") ?? caller.FindFirstValue("typ");
        return "id".Equals(kind, StringComparison.OrdinalIgnoreCase)
            || caller.HasClaim(claim => IdTokenClaims.Contains(claim.Type))
            || (kind is null && caller.HasClaim(claim => claim.Type is "nonce") && !caller.HasClaim(claim => claim.Type is "scope" or "scp")
                && !token.Typ.EndsWith("at+jwt", StringComparison.OrdinalIgnoreCase));
    }

    private Task RefuseAsync(JwtBearerChallengeContext context)
    {
        context.HandleResponse();
        return IsProviderAway(context.HttpContext)
            ? AuthChallenges.ProviderAwayAsync(context.HttpContext)
            : challenges.WrongTokenAsync(context.HttpContext, "the token is expired or was not issued by the identity provider for this server. Sign in again.");
    }
}
