using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace McpImageGen.McpApi.Auth;

/// <summary>The bearer tokens in the settings. Comparing takes as long for a wrong token as for a right one.</summary>
internal sealed class KnownTokens(IOptionsMonitor<AuthOptions> auth)
{
    /// <summary>The token as it is in the settings; null when it is not there.</summary>
    public OwnerToken? Find(string token) => FindByHash(HashOf(token));

    /// <summary>The token with this SHA-256; null when it is not in the settings, or not any more.</summary>
    public OwnerToken? FindByHash(ReadOnlySpan<byte> hash)
    {
        OwnerToken? found = null;
        foreach (var candidate in auth.CurrentValue.Tokens)
        {
            if (CryptographicOperations.FixedTimeEquals(hash, candidate.TokenSha256 is { } known ? Convert.FromHexString(known) : HashOf(candidate.Token!.Trim())))
                found ??= candidate;
        }

        return found;
    }

    public static byte[] HashOf(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
