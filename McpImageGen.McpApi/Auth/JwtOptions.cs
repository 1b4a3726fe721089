namespace McpImageGen.McpApi.Auth;

/// <summary>Callers with JWT bearer tokens of an identity provider, beside those with tokens from the settings. Section <c>Auth:Jwt</c>.</summary>
public sealed class JwtOptions
{
    public const string Section = "Auth:Jwt";

    /// <summary>The identity provider's address, whose <c>/.well-known/openid-configuration</c> is read; https, or http on loopback. Default: none, so no JWT is accepted.</summary>
    public Uri? Authority { get; set; }

    /// <summary>The audience that a token must name. Required with an authority.</summary>
    public string Audience { get; set; } = "";

    /// <summary>The scopes that a token must all have, separated by spaces. Default: none.</summary>
    public string Scope { get; set; } = "";

    internal string[] Scopes => Scope.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
