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
