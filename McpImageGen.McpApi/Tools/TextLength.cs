using System.Globalization;
using System.Text;

namespace McpImageGen.McpApi.Tools;

/// <summary>The length of a text as a person sees it.</summary>
internal static class TextLength
{
    /// <summary>The number of characters that a person sees (grapheme clusters).</summary>
    public static int Of(string text) => new StringInfo(text).LengthInTextElements;

    /// <summary>The number of characters that show something: neither white space nor invisible, such as zero-width spaces.</summary>
    public static int Visible(string text)
    {
        var count = 0;
        var elements = StringInfo.GetTextElementEnumerator(text);
        while (elements.MoveNext())
        {
            if (elements.GetTextElement().EnumerateRunes().Any(IsVisible))
                count++;
        }

        return count;
    }

    /// <summary>The beginning of a text, at most so many characters, none of them cut in two.</summary>
    public static string Cut(string text, int most)
    {
        var end = 0;
        for (var count = 0; count < most && end < text.Length; count++)
            end += StringInfo.GetNextTextElementLength(text, end);
        return text[..end];
    }

    /// <summary>Whether all letters are Latin ones.</summary>
    public static bool IsLatin(string text) => text.EnumerateRunes().All(rune => !Rune.IsLetter(rune) || IsLatin(rune));

    private static bool IsLatin(Rune letter) => letter.Value is < 0x250 or (>= 0x1E00 and < 0x1F00) or (>= 0x2C60 and < 0x2C80) or (>= 0xA720 and < 0xA800);

    private static bool IsVisible(Rune rune) => !Rune.IsWhiteSpace(rune) && Rune.GetUnicodeCategory(rune)
        is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.OtherNotAssigned)
        && rune.Value is not (0x034F or 0x115F or 0x1160 or 0x17B4 or 0x17B5 or 0x2800 or 0x3164 or 0xFFA0)
        && rune.Value is not ((>= 0xFE00 and <= 0xFE0F) or (>= 0x180B and <= 0x180F) or (>= 0xE0100 and <= 0xE01EF));
}
