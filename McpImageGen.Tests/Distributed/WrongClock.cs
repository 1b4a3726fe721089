using System.Globalization;

namespace McpImageGen.Tests.Distributed;

/// <summary>
/// A row's wrong clock: of the last API, the last worker or the database. It is wrong from the start, or it steps when the jobs are under way.
/// </summary>
/// <param name="Host">"API", "worker" or "database".</param>
/// <param name="Start">The offset at the start.</param>
/// <param name="Later">The offset when the jobs are under way.</param>
/// <param name="Text">The text that it was read from.</param>
public sealed record WrongClock(string Host, TimeSpan Start, TimeSpan Later, string Text)
{
    /// <summary>Every clock that <c>RELIABILITY_CLOCKS=all</c> combines with each fault.</summary>
    private static readonly string[] All =
    [
        .. from host in (string[])["API", "worker", "database"]
           from error in (string[])["+200 s", "-200 s", "+7200 s", "-7200 s", "steps -3600 s"]
           select $"{host} {error}",
    ];

    /// <summary>The clocks of a fault: right, and this one, or every one.</summary>
    public static TheoryData<string> RightAnd(string clock) =>
        [.. Environment.GetEnvironmentVariable("RELIABILITY_CLOCKS") == "all" ? ["", .. All] : (string[])["", clock]];

    /// <summary>Reads a text such as "worker +200 s" or "database steps -3600 s"; an empty one is the right clock.</summary>
    public static WrongClock? Parse(string clock)
    {
        if (clock.Length == 0)
            return null;
        var words = clock.Split(' ');
        var offset = TimeSpan.FromSeconds(int.Parse(words[^2], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture));
        return new(words[0], words is [_, "steps", ..] ? TimeSpan.Zero : offset, offset, clock);
    }
}
