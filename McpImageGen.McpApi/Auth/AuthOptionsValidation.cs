using Microsoft.Extensions.Options;

namespace McpImageGen.McpApi.Auth;

internal sealed class AuthOptionsValidation(IOptions<JwtOptions> jwt) : IValidateOptions<AuthOptions>
{
    public ValidateOptionsResult Validate(string? name, AuthOptions options)
    {
        var failures = options.Tokens.Select(Failure).OfType<string>().ToList();
        if (jwt.Value.Authority is not null && options.Tokens.Any(token => JwtCallers.IsJwt(token.Token)))
            failures.Add("When Auth__Jwt__Authority is set, a token must not contain exactly two dots, because it would be treated as a JWT. Choose another token.");
        failures.AddRange(options.Tokens
            .Where((token, index) => Failure(token, index) is null)
            .GroupBy(token => Convert.ToHexString(KnownTokens.HashOf(token)))
            .Select(same => same.Select(token => token.Owner).Distinct().ToList())
            .Where(owners => owners.Count > 1)
            .Select(owners => $"The owners {string.Join(", ", owners)} have the same token. Give each owner a token of its own."));
        if (options.Tokens.Count == 0 && !options.Anonymous && jwt.Value.Authority is null)
            failures.Add($"No token is configured, so all calls would be rejected. Set {AuthOptions.TokenSetting}, or Auth__Tokens__0__Owner and Auth__Tokens__0__Token, or Auth__Jwt__Authority.");
        return failures.Count > 0 ? ValidateOptionsResult.Fail(failures) : ValidateOptionsResult.Success;
    }

    private static string? Failure(OwnerToken token, int index)
    {
        var at = $"Auth__Tokens__{index}";
        if (token.Owner.Length is 0 or > 200)
            return $"{at}__Owner must have 1 to 200 characters.";
        if (token.Owner.StartsWith(JwtCallers.OwnerPrefix, StringComparison.OrdinalIgnoreCase))
            return $"{at}__Owner must not start with '{JwtCallers.OwnerPrefix}': such owners belong to the identity provider.";
        if (string.IsNullOrWhiteSpace(token.Token) == string.IsNullOrWhiteSpace(token.TokenSha256))
            return $"Set either {at}__Token or {at}__TokenSha256.";
        if (token.TokenSha256 is { } hash && (hash.Length != 64 || !hash.All(char.IsAsciiHexDigit)))
            return $"{at}__TokenSha256 must be 64 hexadecimal digits.";
        return null;
    }
}
