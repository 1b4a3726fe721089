using System.Globalization;
using System.Text.RegularExpressions;
using McpImageGen.WorkersAiEmulator.Answers;

namespace McpImageGen.WorkersAiEmulator.Faults;

/// <summary>
/// What a prompt asks the emulator for, in brackets anywhere in it: <c>[fault:server-error]</c> (each time),
/// <c>[fault:server-error*2]</c> (the first two requests of exactly this prompt), <c>[latency:250ms]</c>, <c>[retry-after:2s]</c>.
/// </summary>
internal sealed partial record PromptDirectives(FaultCount? Fault, TimeSpan? Latency, TimeSpan? RetryAfter)
{
    /// <exception cref="AiErrorException">A directive is mistyped: said at once, or a test would pass for the wrong reason.</exception>
    public static PromptDirectives Read(string prompt)
    {
        var wishes = new PromptDirectives(null, null, null);
        foreach (Match match in Directive().Matches(prompt))
        {
            var value = match.Groups["value"].Value;
            wishes = match.Groups["name"].Value switch
            {
                "fault" => wishes with { Fault = FaultCount.Parse(value) ?? throw Mistyped(match, $"NAME or NAME*COUNT, NAME one of {FaultTable.Names}") },
                "latency" => wishes with
                {
                    Latency = Duration(value, EmulatorOptionsValidation.LongestLatency) ?? throw Mistyped(match, "250ms, 5s or 2m, 10 minutes at most"),
                },
                _ => wishes with
                {
                    RetryAfter = Duration(value, EmulatorOptionsValidation.LongestRetryAfter) ?? throw Mistyped(match, "5s or 2m, one day at most"),
                },
            };
        }

        return wishes;
    }

    /// <summary>A number with a unit, <c>250ms</c>, <c>5s</c> or <c>2m</c>; null if it is none or longer than <paramref name="longest"/>.</summary>
    public static TimeSpan? Duration(string text, TimeSpan longest)
    {
        var match = NumberWithUnit().Match(text.Trim());
        if (!match.Success)
            return null;
        var milliseconds = double.Parse(match.Groups["number"].Value, CultureInfo.InvariantCulture)
            * match.Groups["unit"].Value switch { "ms" => 1, "s" => 1000, _ => 60_000 };
        return milliseconds <= longest.TotalMilliseconds ? TimeSpan.FromMilliseconds(milliseconds) : null;
    }

    [GeneratedRegex(@"\[(?<name>fault|latency|retry-after):(?<value>[^\]]*)\]")]
    private static partial Regex Directive();

    [GeneratedRegex(@"^(?<number>[0-9]+(\.[0-9]+)?)(?<unit>ms|s|m)$")]
    private static partial Regex NumberWithUnit();

    private static AiErrorException Mistyped(Match match, string wanted) =>
        new(AiError.BadInput($"the emulator does not know {match.Value}: it takes [{match.Groups["name"].Value}:…] with {wanted}"));
}
