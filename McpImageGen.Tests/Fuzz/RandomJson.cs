using System.Globalization;
using System.Text;
using System.Text.Json;

namespace McpImageGen.Tests.Fuzz;

/// <summary>JSON that nobody would send on purpose, by a seed.</summary>
public sealed class RandomJson(Random random)
{
    private static readonly string[] Texts =
    [
        "", " ", "null", "undefined", "NaN", "true", "0", "-1", "../../etc/passwd", "..\\..\\windows\\win.ini", "%2e%2e%2f", "/dev/null", "C:\\", "file:///etc/passwd",
        "'; DROP TABLE jobs; --", "<script>alert(1)</script>", "{{7*7}}", "${jndi:ldap://x}", "a\u0000b", "\u202Eevil", "\uFEFF", "e\u0301\u0301\u0301", "👩‍👩‍👧‍👦", "𝕏𝖞𝖟",
        "\uFFFF", "日本語", "العربية", "\r\nSet-Cookie: a=b", "\t\v\f", "@cf/black-forest-labs/flux-1-schnell", "00000000-0000-0000-0000-000000000000",
        "{01a2040b-fd9b-7149-8854-aef04e5d2635}", "01a2040bfd9b71498854aef04e5d2635", "01A2040B-FD9B-7149-8854-AEF04E5D2635", "image://../x", "job://", "image://%00",
    ];

    private static readonly string[] Numbers =
    [
        "0", "-0", "-1", "1", "2147483647", "2147483648", "-2147483649", "9223372036854775807", "9223372036854775808", "18446744073709551616", "1e308", "1e309", "-1e999",
        "1e-400", "0.1", "1.5", "3.0", "123456789012345678901234567890", "1E+2",
    ];

    public Random Random => random;

    public T One<T>(IReadOnlyList<T> of) => of[random.Next(of.Count)];

    public bool Chance(int percent) => random.Next(100) < percent;

    /// <summary>A text, as JSON.</summary>
    public string Text() => random.Next(6) switch
    {
        0 => JsonSerializer.Serialize(new string(One(["x", "ä", "…"])[0], random.Next(5_000))),
        1 => $"\"{string.Concat(Enumerable.Range(0, random.Next(1, 8)).Select(_ => $"\\u{random.Next(0x10000):x4}"))}\"", // halves of pairs, too
        2 => JsonSerializer.Serialize(Id()),
        3 => JsonSerializer.Serialize(RandomRunes()),
        _ => JsonSerializer.Serialize(One(Texts)),
    };

    /// <summary>A text that may be part of an address as it is.</summary>
    public string Path() => One([One(Texts), Uri.EscapeDataString(One(Texts)), "..%2f..%2ftoken", "%00", "%c0%ae%c0%ae", "%ff", "%", "%zz", ".", "..", "a/../b", new string('a', 3_000)]);

    public string Number() => One(Numbers);

    /// <summary>Any value, as JSON.</summary>
    public string Value(int depth = 0) => random.Next(depth > 3 ? 5 : 8) switch
    {
        0 => "null",
        1 => One(["true", "false"]),
        2 => Number(),
        3 or 4 => Text(),
        5 => $"[{string.Join(',', Enumerable.Range(0, random.Next(4)).Select(_ => Value(depth + 1)))}]",
        6 => Nested(),
        _ => $"{{{string.Join(',', Enumerable.Range(0, random.Next(4)).Select(_ => Text() + ":" + Value(depth + 1)))}}}",
    };

    public Guid Id()
    {
        var bytes = new byte[16];
        random.NextBytes(bytes);
        return new Guid(bytes);
    }

    /// <summary>A text in an encoding, mostly UTF-8, with or without a byte order mark, and sometimes damaged.</summary>
    public byte[] Encoded(string text) => random.Next(100) switch
    {
        < 15 => Damaged(text),
        < 20 => [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(text)],
        < 24 => One([Encoding.Unicode, Encoding.BigEndianUnicode, Encoding.UTF32, Encoding.Latin1]) is var encoding && Chance(50)
            ? [.. encoding.GetPreamble(), .. encoding.GetBytes(text)]
            : encoding.GetBytes(text),
        < 25 => [.. Encoding.UTF8.GetBytes(text), 0xC3, 0x28, 0xED, 0xA0, 0x80],
        _ => Encoding.UTF8.GetBytes(text),
    };

    /// <summary>Damages a text: cuts it, or changes characters of it.</summary>
    private byte[] Damaged(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        if (bytes.Length == 0)
            return bytes;
        if (Chance(40))
            return bytes[..random.Next(bytes.Length)];
        for (var i = random.Next(1, 6); i > 0; i--)
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        return bytes;
    }

    private string Nested()
    {
        var depth = One([10, 63, 64, 65, 1_000, 5_000]);
        return Chance(50)
            ? new string('[', depth) + new string(']', depth)
            : string.Concat(Enumerable.Repeat("{\"a\":", depth)) + "1" + new string('}', depth);
    }

    private string RandomRunes()
    {
        var text = new StringBuilder();
        for (var i = random.Next(20); i > 0; i--)
        {
            if (Rune.TryCreate(random.Next(0x110000), out var rune))
                text.Append(rune.ToString().Normalize(NormalizationForm.FormC).ToString(CultureInfo.InvariantCulture));
        }

        return text.ToString();
    }
}
