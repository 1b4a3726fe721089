using McpImageGen.McpApi.Application;
using ModelContextProtocol.Server;

namespace McpImageGen.McpApi.Arguments;

/// <summary>The arguments of a call that its tool does not have. Some clients add their own arguments, and some models misspell an argument.</summary>
/// <param name="Names">The names, shortened if they are long; at most 20.</param>
/// <param name="Hint">How misspelled arguments were probably meant; null if no name is similar to an argument of the tool.</param>
internal sealed record IgnoredArguments(IReadOnlyList<string> Names, string? Hint)
{
    /// <summary>The field with the names in results.</summary>
    public const string Field = "ignored_arguments";

    /// <summary>The field with the hint in results.</summary>
    public const string HintField = "hint";

    private const int MaxNamed = 20;
    private const int MaxCharacters = 60;

    /// <summary>Records the ignored arguments of a call, so that its result names them.</summary>
    public static void Record(MessageContext request, IReadOnlyList<string> ignored, IEnumerable<ArgumentRule> rules)
    {
        var named = ignored.Take(MaxNamed).ToList();
        if (named.Count > 0)
            request.Items[nameof(IgnoredArguments)] = new IgnoredArguments([.. named.Select(Shown)], HintOn(named, [.. rules.Select(rule => rule.Name)]));
    }

    /// <summary>The ignored arguments of a call; null if there are none.</summary>
    public static IgnoredArguments? In(MessageContext request) =>
        request.Items.TryGetValue(nameof(IgnoredArguments), out var ignored) ? (IgnoredArguments?)ignored : null;

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
