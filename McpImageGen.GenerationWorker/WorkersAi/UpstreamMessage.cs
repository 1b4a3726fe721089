using System.Text.RegularExpressions;

namespace McpImageGen.GenerationWorker.WorkersAi;

/// <summary>Cleans the provider's messages so that they can be shown to the owner of a job.</summary>
internal static partial class UpstreamMessage
{
    private const int MaxMessage = 300;

    /// <summary>A sequence of this many letters and digits in common with a secret is treated as a quotation of it.</summary>
    private const int QuotationLength = 12;

    /// <summary>
    /// The message without Cloudflare's prefixes and request ids, on one line and of limited length; null if nothing is
    /// left, or if it quotes one of the <paramref name="secrets"/>, even truncated, wrapped or escaped.
    /// </summary>
    public static string? Clean(string? message, IEnumerable<string?> secrets)
    {
        if (message is null)
            return null;
        var clean = White().Replace(Prefix().Replace(RequestId().Replace(message, " "), ""), " ").Trim(' ', '.');
        if (clean.Length == 0 || secrets.Any(secret => Quotes(message, secret)))
            return null;
        if (clean.Length <= MaxMessage)
            return clean;
        return clean[..(char.IsHighSurrogate(clean[MaxMessage - 1]) ? MaxMessage - 1 : MaxMessage)] + "…";
    }

    private static bool Quotes(string message, string? secret)
    {
        if (string.IsNullOrWhiteSpace(secret))
            return false;
        // An escaped character could be part of the secret.
        if (message.Contains(secret, StringComparison.OrdinalIgnoreCase) || message.Contains(@"\u", StringComparison.OrdinalIgnoreCase))
            return true;

        var said = LettersAndDigits(message);
        var hidden = LettersAndDigits(secret);
        if (hidden.Length <= QuotationLength)
            return hidden.Length > 0 && said.Contains(hidden, StringComparison.Ordinal);
        for (var start = 0; start + QuotationLength <= hidden.Length; start++)
        {
            if (said.AsSpan().IndexOf(hidden.AsSpan(start, QuotationLength), StringComparison.Ordinal) >= 0)
                return true;
        }
        return false;
    }

    private static string LettersAndDigits(string text) => string.Concat(text.Where(char.IsLetterOrDigit)).ToUpperInvariant();

    [GeneratedRegex(@"\(?[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\)?", RegexOptions.IgnoreCase)]
    private static partial Regex RequestId();

    [GeneratedRegex(@"^\s*(AiError:\s*)+", RegexOptions.IgnoreCase)]
    private static partial Regex Prefix();

    [GeneratedRegex(@"[\s\p{C}]+")]
    private static partial Regex White();
}
