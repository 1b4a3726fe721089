using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Options;
using ModelContextProtocol.AspNetCore.Authentication;
using ModelContextProtocol.Authentication;

namespace McpImageGen.McpApi.Auth;

/// <summary>Tells clients where to sign in (RFC 9728): at the identity provider, using exactly the issuer name that it publishes.</summary>
internal sealed partial class SignInMetadata(IOptions<JwtOptions> jwt, IOptionsMonitor<JwtBearerOptions> bearer, ILogger<SignInMetadata> logger)
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
        try
        {
            if (await bearer.Get(JwtCallers.SchemeName).ConfigurationManager!.GetConfigurationAsync(cancellationToken) is { Issuer: { Length: > 0 } issuer })
                return issuer;
        }
        catch (Exception exception) when (exception is InvalidOperationException or IOException && !cancellationToken.IsCancellationRequested)
        {
            Log.ProviderAway(logger, exception.Message);
        }

        return jwt.Value.Authority!.OriginalString;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Could not read the issuer name from the identity provider; publishing Auth__Jwt__Authority instead: {Reason}")]
        public static partial void ProviderAway(ILogger logger, string reason);
    }
}
