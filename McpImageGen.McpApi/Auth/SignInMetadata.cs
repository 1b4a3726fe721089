using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Options;
using ModelContextProtocol.AspNetCore.Authentication;
using ModelContextProtocol.Authentication;

namespace McpImageGen.McpApi.Auth;

/// <summary>Tells clients where to sign in (RFC 9728): at the identity provider, using exactly the issuer name that it publishes, or the one in the settings while it is not available.</summary>
internal sealed class SignInMetadata(IOptions<JwtOptions> jwt, IOptionsMonitor<JwtBearerOptions> bearer, IdentityProviderKeys keys)
    : IConfigureNamedOptions<McpAuthenticationOptions>
{
    public void Configure(McpAuthenticationOptions options) => Configure(name: null, options);

    public void Configure(string? name, McpAuthenticationOptions options)
    {
        options.ResourceMetadata = new ProtectedResourceMetadata { ScopesSupported = [.. jwt.Value.Scopes] };
        options.Events.OnResourceMetadataRequest = async context =>
            context.ResourceMetadata!.AuthorizationServers.Add(await IssuerAsync(context.HttpContext.RequestAborted));
    }

    /// <summary>Clients compare the issuer character by character (RFC 8414), so a trailing slash matters.</summary>
    private async Task<string> IssuerAsync(CancellationToken cancellationToken)
    {
        var options = bearer.Get(JwtCallers.SchemeName);
        return await keys.AreKnownAsync(options, cancellationToken)
            && await options.ConfigurationManager!.GetConfigurationAsync(cancellationToken) is { Issuer: { Length: > 0 } issuer }
                ? issuer
                : jwt.Value.Authority!.OriginalString;
    }
}
