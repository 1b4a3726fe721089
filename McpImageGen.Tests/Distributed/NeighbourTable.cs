using System.Globalization;

namespace McpImageGen.Tests.Distributed;

/// <summary>Writes what each noisy neighbour came to into the file that the variable <c>NEIGHBOURS_TABLE</c> names; neighbours.sh sets it.</summary>
public sealed class NeighbourTable : IDisposable
{
    private const string Title = "## Noisy neighbours\n";

    private const string Head = Title + """

        Written by `./neighbours.sh`. Each line is a test of `NeighbourTests`: the system as above, all of it on one machine of 2 cores. One owner uses
        an API at 10 % of a limit, or a stranger sends requests without a token, while another owner calls the same API: `ping`, `generate_image` and
        `/alive`, one after the other. The times are the 99th percentiles of what that owner waits. At most 250 ms are allowed.

        | noise | requests of the noise | `ping` | `generate_image` | `/alive` |
        |---|---|---|---|---|

        """;

    private readonly List<string> _lines = [];

    public void Add(string noise, int requests, Quiet quiet) => _lines.Add(string.Create(
        CultureInfo.InvariantCulture,
        $"| {noise} | {requests} | {quiet.Ping.TotalMilliseconds:0} ms | {quiet.Generate.TotalMilliseconds:0} ms | {quiet.Alive.TotalMilliseconds:0} ms |\n"));

    public void Dispose()
    {
        if (Environment.GetEnvironmentVariable("NEIGHBOURS_TABLE") is { Length: > 0 } file)
            WriteSection(file, isFirst: false, Head.ReplaceLineEndings("\n") + string.Concat(_lines.Order(StringComparer.Ordinal)));
    }

    /// <summary>Replaces one of the two sections of the file, this table or the one before it.</summary>
    internal static void WriteSection(string file, bool isFirst, string section)
    {
        var text = File.Exists(file) ? File.ReadAllText(file).ReplaceLineEndings("\n") : "";
        var start = text.IndexOf(Title, StringComparison.Ordinal);
        var (first, second) = start < 0 ? (text, "") : (text[..start], text[start..]);
        (first, second) = isFirst ? (section, second) : (first, section);
        File.WriteAllText(file, string.Join("\n\n", new[] { first.Trim('\n'), second.Trim('\n') }.Where(part => part.Length > 0)) + "\n");
    }
}
