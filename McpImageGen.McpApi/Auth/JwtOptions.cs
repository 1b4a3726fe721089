using Microsoft.Extensions.Options;

namespace McpImageGen.McpApi.Auth;

/// <summary>JWT bearer tokens from an identity provider, in addition to the tokens in the settings. Section <c>Auth:Jwt</c>.</summary>
public sealed class JwtOptions
{
    public const string Section = "Auth:Jwt";

    /// <summary>
    /// The URL of the identity provider, whose <c>/.well-known/openid-configuration</c> is read; https, or http on loopback.
    /// Default: none, so no JWT is accepted.
    /// </summary>
    public Uri? Authority { get; set; }

    /// <summary>The audience that a token must have. Required with an authority.</summary>
    public string Audience { get; set; } = "";

    /// <summary>The scopes that a token must have, all of them, separated by spaces. Default: none.</summary>
    public string Scope { get; set; } = "";

    internal string[] Scopes => Scope.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}

internal sealed class JwtOptionsValidation : IValidateOptions<JwtOptions>
{
    public ValidateOptionsResult Validate(string? name, JwtOptions options)
    {
        if (options.Authority is not { } authority)
        {
            return options.Audience.Length == 0 && options.Scope.Length == 0
                ? ValidateOptionsResult.Success
                : ValidateOptionsResult.Fail("Auth__Jwt__Audience and Auth__Jwt__Scope require Auth__Jwt__Authority.");
        }

        if (!authority.IsAbsoluteUri || !(authority.Scheme == Uri.UriSchemeHttps || (authority.Scheme == Uri.UriSchemeHttp && authority.IsLoopback)))
            return ValidateOptionsResult.Fail("Auth__Jwt__Authority must be the https URL of the token issuer (http is allowed only on loopback).");
        if (options.Audience.Length == 0)
            return ValidateOptionsResult.Fail("Auth__Jwt__Authority requires Auth__Jwt__Audience: without it, tokens issued for other services would be accepted.");
        return ValidateOptionsResult.Success;
    }
}
