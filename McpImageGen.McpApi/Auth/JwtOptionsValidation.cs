using Microsoft.Extensions.Options;

namespace McpImageGen.McpApi.Auth;

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
