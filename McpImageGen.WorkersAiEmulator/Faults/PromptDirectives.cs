using System.Globalization;
using System.Text.RegularExpressions;
using McpImageGen.WorkersAiEmulator.Answers;

namespace McpImageGen.WorkersAiEmulator.Faults;

/// <summary>
/// Directives to the emulator in brackets anywhere in a prompt: <c>[fault:server-error]</c> (each time),
/// <c>[fault:server-error*2]</c> (the first two requests with exactly this prompt), <c>[latency:250ms]</c>, <c>[retry-after:2s]</c>.
/// </summary>
internal sealed partial record PromptDirectives(FaultCount? Fault, TimeSpan? Latency, TimeSpan? RetryAfter)
{
    /// <exception cref="AiErrorException">A directive is invalid. It is rejected, so that a test does not pass for the wrong reason.</exception>
    public static PromptDirectives Read(string prompt)
    {
        var wishes = new PromptDirectives(null, null, null);
        foreach (Match match in Directive().Matches(prompt))
        {
            var value = match.Groups["value"].Value;
            wishes = match.Groups["name"].Value switch
            {
                "fault" => wishes with { Fault = FaultCount.Parse(value) ?? throw Mistyped(match, $"NAME or NAME*COUNT, where NAME is one of {FaultTable.Names}") },
                "latency" => wishes with
                {
                    Latency = Duration(value, EmulatorOptionsValidation.MaxLatency) ?? throw Mistyped(match, "a duration such as 250ms, 5s or 2m, at most 10 minutes"),
                },
                _ => wishes with
                {
                    RetryAfter = Duration(value, EmulatorOptionsValidation.MaxRetryAfter) ?? throw Mistyped(match, "a duration such as 5s or 2m, at most one day"),
                },
            };
        }

        return wishes;
    }

    /// <summary>
    /// Parses a number with a unit, <c>250ms</c>, <c>5s</c> or <c>2m</c>; null if it is invalid or longer than <paramref name="max"/>.
    /// </summary>
    public static TimeSpan? Duration(string text, TimeSpan max)
    {
        var match = NumberWithUnit().Match(text.Trim());
        if (!match.Success)
            return null;
        var milliseconds = double.Parse(match.Groups["number"].Value, CultureInfo.InvariantCulture)
            * match.Groups["unit"].Value switch { "ms" => 1, "s" => 1000, _ => 60_000 };
        return milliseconds <= max.TotalMilliseconds ? TimeSpan.FromMilliseconds(milliseconds) : null;
    }

    [GeneratedRegex(@"\[(?<name>fault|latency|retry-after):(?<value>[^\]]*)\]")]
    private static partial Regex Directive();

    [GeneratedRegex(@"^(?<number>[0-9]+(\.[0-9]+)?)(?<unit>ms|s|m)$")]
    private static partial Regex NumberWithUnit();

    private static AiErrorException Mistyped(Match match, string wanted) =>
        new(AiError.BadInput($"invalid emulator directive {match.Value}; [{match.Groups["name"].Value}:…] requires {wanted}"));
}
