namespace McpImageGen.McpApi.Auth;

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
