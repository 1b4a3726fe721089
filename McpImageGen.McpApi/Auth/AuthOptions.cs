namespace McpImageGen.McpApi.Auth;

/// <summary>Who may call. Section <c>Auth</c>; the setting <c>AUTH_TOKEN</c> is a token of the owner <c>default</c>.</summary>
public sealed class AuthOptions
{
    public const string Section = "Auth";

    /// <summary>The setting that holds the token of <see cref="DefaultOwner"/>.</summary>
    public const string TokenSetting = "AUTH_TOKEN";

    /// <summary>Whoever calls with <c>AUTH_TOKEN</c>; so a new token keeps the images.</summary>
    public const string DefaultOwner = "default";

    /// <summary>Bearer tokens and whose they are. At least one, or nobody could call; but see <see cref="Anonymous"/> and <see cref="JwtOptions"/>.</summary>
    public IList<OwnerToken> Tokens { get; } = [];

    /// <summary>
    /// Whether programs on this machine may call without a token, as <see cref="DefaultOwner"/>. Default false.
    /// Pages that a browser shows may not, unless they come from this machine too.
    /// </summary>
    public bool Anonymous { get; set; }
}
