using System.Globalization;
using System.Text;

namespace McpImageGen.McpApi.Application;

/// <summary>The length of a text as a person sees it.</summary>
internal static class TextLength
{
    /// <summary>A character can have any number of combining marks.</summary>
    private const int MaxUnits = 8;

    /// <summary>The number of characters that a person sees (grapheme clusters).</summary>
    public static int Of(string text) => new StringInfo(text).LengthInTextElements;

    /// <summary>The number of characters without those at both ends that show nothing, such as white space and zero-width spaces.</summary>
    public static int Visible(string text)
    {
        var (before, length) = (0, 0);
        var elements = StringInfo.GetTextElementEnumerator(text);
        while (elements.MoveNext())
        {
            // Blanks count as soon as something follows them.
            var isVisible = elements.GetTextElement().EnumerateRunes().Any(IsVisible);
            if (isVisible)
                (before, length) = (0, length + before + 1);
            else if (length > 0)
                before++;
        }

        return length;
    }

    /// <summary>The beginning of a text, at most so many characters, none of them cut in two.</summary>
    public static string Cut(string text, int max)
    {
        var end = 0;
        for (var count = 0; count < max && end < text.Length; count++)
        {
            var length = StringInfo.GetNextTextElementLength(text, end);
            if (end + length > max * MaxUnits)
                break;
            end += length;
        }

        return text[..end];
    }

    /// <summary>Whether a text is in the Latin script: one character of another script, or an emoji, can say as much as a Latin word.</summary>
    public static bool IsLatin(string text) => text.EnumerateRunes().Where(IsVisible).All(rune => rune.Value
        is < 0x250 or (>= 0x300 and < 0x370) or (>= 0x1E00 and < 0x1F00) or (>= 0x2000 and < 0x2070) or (>= 0x2C60 and < 0x2C80) or (>= 0xA720 and < 0xA800));

    private static bool IsVisible(Rune rune) => !Rune.IsWhiteSpace(rune) && Rune.GetUnicodeCategory(rune)
        is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.OtherNotAssigned)
        && rune.Value is not (0x034F or 0x115F or 0x1160 or 0x17B4 or 0x17B5 or 0x2800 or 0x3164 or 0xFFA0)
        && rune.Value is not ((>= 0xFE00 and <= 0xFE0F) or (>= 0x180B and <= 0x180F) or (>= 0xE0100 and <= 0xE01EF));
}
