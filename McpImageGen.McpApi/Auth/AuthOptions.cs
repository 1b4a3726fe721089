using Microsoft.Extensions.Options;

namespace McpImageGen.McpApi.Auth;

/// <summary>Who is allowed to call. Section <c>Auth</c>; the setting <c>AUTH_TOKEN</c> is a token of the owner <c>default</c>.</summary>
public sealed class AuthOptions
{
    public const string Section = "Auth";

    /// <summary>The setting that holds the token of <see cref="DefaultOwner"/>.</summary>
    public const string TokenSetting = "AUTH_TOKEN";

    /// <summary>The owner of calls with <c>AUTH_TOKEN</c>. A changed token therefore keeps access to the same images.</summary>
    public const string DefaultOwner = "default";

    /// <summary>Bearer tokens and their owners. At least one is required, unless <see cref="Anonymous"/> or <see cref="JwtOptions"/> is set.</summary>
    public IList<OwnerToken> Tokens { get; } = [];

    /// <summary>
    /// Whether programs on this machine can call without a token, as <see cref="DefaultOwner"/>. Default: false.
    /// Web pages in a browser cannot, unless they are served from this machine too.
    /// </summary>
    public bool Anonymous { get; set; }
}

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

/// <summary>A bearer token and its owner. Several tokens can have the same owner.</summary>
public sealed class OwnerToken
{
    /// <summary>The owner of calls with this token; each owner sees only its own jobs. 1 to 200 characters.</summary>
    public string Owner { get; set; } = "";

    /// <summary>The token, without leading or trailing white space. Set either this or <see cref="TokenSha256"/>.</summary>
    public string? Token { get; set; }

    /// <summary>The SHA-256 of the token's UTF-8 bytes, 64 hexadecimal digits, for settings that must not contain the token itself.</summary>
    public string? TokenSha256 { get; set; }
}
