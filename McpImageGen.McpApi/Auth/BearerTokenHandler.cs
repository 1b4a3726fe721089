using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using McpImageGen.McpApi.Transport;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace McpImageGen.McpApi.Auth;

/// <summary>Knows callers by the bearer tokens in the settings.</summary>
internal sealed class BearerTokenHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder, IOptionsMonitor<AuthOptions> auth)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    public const string SchemeName = "Bearer";

    private const string Prefix = "Bearer ";
    private const string Realm = "Bearer realm=\"mcp-image-generator\"";

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var header = Request.Headers.Authorization.ToString();
        if (!header.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
            return Task.FromResult(AuthenticateResult.NoResult());

        var sent = SHA256.HashData(Encoding.UTF8.GetBytes(header[Prefix.Length..].Trim()));
        if (auth.CurrentValue.Tokens.FirstOrDefault(token => CryptographicOperations.FixedTimeEquals(sent, Sha256(token))) is not { } known)
            return Task.FromResult(AuthenticateResult.Fail("Unknown token."));

        var identity = new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, known.Owner)], SchemeName);
        return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), SchemeName)));
    }

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        var (challenge, message) = (await HandleAuthenticateOnceSafeAsync()).Failure is null
            ? (Realm, "Unauthorized: send the header 'Authorization: Bearer TOKEN'.")
            : (Realm + ", error=\"invalid_token\"", "Unauthorized: the bearer token is not one of this server's. Check that it was copied whole.");
        Response.Headers.WWWAuthenticate = challenge;
        await JsonRpcError.WriteAsync(Response, StatusCodes.Status401Unauthorized, JsonRpcError.Unauthorized, message);
    }

    private static byte[] Sha256(OwnerToken token) =>
        token.TokenSha256 is { } hash ? Convert.FromHexString(hash) : SHA256.HashData(Encoding.UTF8.GetBytes(token.Token!.Trim()));
}
