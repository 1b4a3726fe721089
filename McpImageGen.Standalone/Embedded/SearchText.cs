using System.Globalization;
using System.Text;

namespace McpImageGen.Standalone.Embedded;

/// <summary>The form in which texts are searched, as <see cref="Jobs.Database.JobsDbContext.SearchForm"/> says, for SQLite.</summary>
internal static class SearchText
{
    private const int FirstSyllable = 0xAC00, FirstLead = 0x1100, FirstVowel = 0x1161, FirstTrail = 0x11A7;
    private const int Leads = 19, Vowels = 21, Trails = 28;

    // The program runs without ICU (InvariantGlobalization), and then string.Normalize does nothing.
    private static readonly Lazy<Dictionary<(char First, char Second), char>> Compositions = new(Read);

    public static string Of(string text) => Composed(text).ToLowerInvariant()
        .Replace("İ", "i", StringComparison.Ordinal)
        .Replace("i\u0307", "i", StringComparison.Ordinal)
        .Replace('ς', 'σ');

    private static string Composed(string text)
    {
        if (Ascii.IsValid(text))
            return text;
        var composed = new StringBuilder(text.Length);
        foreach (var next in text)
        {
            if (composed.Length > 0 && Compose(composed[^1], next) is { } both)
                composed[^1] = both;
            else
                composed.Append(next);
        }

        return composed.ToString();
    }

    private static char? Compose(char first, char second)
    {
        if (first - FirstLead is >= 0 and < Leads and var lead && second - FirstVowel is >= 0 and < Vowels and var vowel)
            return (char)(FirstSyllable + (((lead * Vowels) + vowel) * Trails));
        if (first - FirstSyllable is >= 0 and < Leads * Vowels * Trails and var syllable && syllable % Trails == 0
            && second - FirstTrail is > 0 and < Trails and var trail)
            return (char)(first + trail);
        return Compositions.Value.TryGetValue((first, second), out var both) ? both : null;
    }

    /// <summary>The pairs of characters that Unicode composes, from its file UnicodeData.txt.</summary>
    private static Dictionary<(char First, char Second), char> Read()
    {
        using var file = new StreamReader(typeof(SearchText).Assembly.GetManifestResourceStream(typeof(SearchText), "compositions.txt")!);
        return file.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ')).ToDictionary(
            row => (CharOf(row[0]), CharOf(row[1])), row => CharOf(row[2]));
    }

    private static char CharOf(string hex) => (char)int.Parse(hex, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
