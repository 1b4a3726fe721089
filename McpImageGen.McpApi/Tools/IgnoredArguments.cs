using ModelContextProtocol.Protocol;

namespace McpImageGen.McpApi.Tools;

/// <summary>Names, in the answer of a call, the arguments that were ignored. Some clients add arguments of their own; some models misspell one.</summary>
internal static class IgnoredArguments
{
    public const string Field = "ignored_arguments";
    public const string Hint = "hint";

    private const int MostNamed = 20;
    private const int MostCharacters = 60;

    /// <summary>The answer with <c>ignored_arguments</c>, and with a <c>hint</c> where a name is close to one that the tool knows.</summary>
    public static CallToolResult NamedIn(CallToolResult answer, IReadOnlyList<string> ignored, IEnumerable<ArgumentRule> rules)
    {
        if (ignored.Count == 0)
            return answer;
        var named = ignored.Take(MostNamed).ToList();
        return ToolAnswer.With(answer, (Field, named.Select(Shown).ToList()), (Hint, HintOn(named, [.. rules.Select(rule => rule.Name)])));
    }

    /// <summary>What the client may have meant; null when there is nothing to say.</summary>
    private static string? HintOn(IEnumerable<string> ignored, IReadOnlyList<string> known)
    {
        var hints = ignored.Select(
            name => Closest(name, known) is { } meant ? $"The argument '{name}' is unknown and was ignored. Did you mean {meant}?" : null);
        return string.Join(' ', hints.OfType<string>()) is { Length: > 0 } hint ? hint : null;
    }

    private static string Shown(string name) => name.Length > MostCharacters ? name[..MostCharacters] + "…" : name;

    /// <summary>The known name that somebody may mean who writes this one; null when there is none.</summary>
    private static string? Closest(string written, IEnumerable<string> known) =>
        written.Length > MostCharacters ? null : known.Where(name => AreClose(Plain(written), Plain(name))).MinBy(name => Distance(Plain(written), Plain(name)));

    /// <summary>One or two letters off, or the first word only.</summary>
    private static bool AreClose(string written, string known) =>
        Distance(written, known) <= (known.Length > 5 ? 2 : 1) || (written.Length > 3 && known.StartsWith(written, StringComparison.Ordinal));

    private static string Plain(string name) => name.Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal).ToLowerInvariant();

    /// <summary>How many letters must be added, removed or replaced to get from one text to the other.</summary>
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
