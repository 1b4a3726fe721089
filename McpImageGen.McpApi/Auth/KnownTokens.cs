using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace McpImageGen.McpApi.Auth;

/// <summary>The bearer tokens in the settings. A comparison takes the same time for a wrong token as for a correct one.</summary>
internal sealed class KnownTokens(IOptionsMonitor<AuthOptions> auth)
{
    /// <summary>The settings entry of a token; null if there is none.</summary>
    public OwnerToken? Find(string token) => FindByHash(HashOf(token));

    /// <summary>The settings entry of the token with this SHA-256; null if it is not, or no longer, in the settings.</summary>
    public OwnerToken? FindByHash(ReadOnlySpan<byte> hash)
    {
        OwnerToken? found = null;
        foreach (var candidate in auth.CurrentValue.Tokens)
        {
            if (CryptographicOperations.FixedTimeEquals(hash, HashOf(candidate)))
                found ??= candidate;
        }

        return found;
    }

    public static byte[] HashOf(OwnerToken token) => token.TokenSha256 is { } hash ? Convert.FromHexString(hash) : HashOf(token.Token!.Trim());

    public static byte[] HashOf(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
