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
