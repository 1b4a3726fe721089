using ModelContextProtocol.Protocol;

namespace McpImageGen.McpApi.Tools;

/// <summary>Lists the ignored arguments in the result of a call. Some clients add their own arguments, and some models misspell an argument.</summary>
internal static class IgnoredArguments
{
    public const string Field = "ignored_arguments";
    public const string Hint = "hint";

    private const int MaxNamed = 20;
    private const int MaxCharacters = 60;

    /// <summary>The result with <c>ignored_arguments</c>, and with a <c>hint</c> if a name is similar to an argument of the tool.</summary>
    public static CallToolResult NamedIn(CallToolResult answer, IReadOnlyList<string> ignored, IEnumerable<ArgumentRule> rules)
    {
        if (ignored.Count == 0)
            return answer;
        var named = ignored.Take(MaxNamed).ToList();
        return ToolAnswer.With(answer, (Field, named.Select(Shown).ToList()), (Hint, HintOn(named, [.. rules.Select(rule => rule.Name)])));
    }

    /// <summary>The hint about misspelled arguments; null if there is none.</summary>
    private static string? HintOn(IEnumerable<string> ignored, IReadOnlyList<string> known)
    {
        var hints = ignored.Select(
            name => Closest(name, known) is { } meant ? $"The argument '{name}' is unknown and was ignored. Did you mean {meant}?" : null);
        return string.Join(' ', hints.OfType<string>()) is { Length: > 0 } hint ? hint : null;
    }

    private static string Shown(string name) => TextLength.Cut(name, MaxCharacters) is var shown && shown.Length < name.Length ? shown + "…" : name;

    /// <summary>The known name that is most similar to the given name; null if none is similar.</summary>
    private static string? Closest(string written, IEnumerable<string> known) =>
        written.Length > MaxCharacters ? null : known.Where(name => AreClose(Plain(written), Plain(name))).MinBy(name => Distance(Plain(written), Plain(name)));

    /// <summary>True for one or two different letters, or if only the beginning of the name is given.</summary>
    private static bool AreClose(string written, string known) =>
        Distance(written, known) <= (known.Length > 5 ? 2 : 1) || (written.Length > 3 && known.StartsWith(written, StringComparison.Ordinal));

    private static string Plain(string name) => name.Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal).ToLowerInvariant();

    /// <summary>The edit distance: the number of letters to add, remove or replace to turn one string into the other.</summary>
    private static int Distance(string one, string other)
    {
        var last = Enumerable.Range(0, other.Length + 1).ToArray();
        for (var i = 1; i <= one.Length; i++)
        {
            var next = new int[other.Length + 1];
            next[0] = i;
            for (var j = 1; j <= other.Length; j++)
                next[j] = Math.Min(Math.Min(last[j], next[j - 1]) + 1, last[j - 1] + (one[i - 1] == other[j - 1] ? 0 : 1));
            last = next;
        }

        return last[other.Length];
    }
}
