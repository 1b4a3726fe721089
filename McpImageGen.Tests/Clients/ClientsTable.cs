using System.Text;

namespace McpImageGen.Tests.Clients;

/// <summary>Writes what each client did into the file that the variable <c>CLIENTS_TABLE</c> names, in place of its tables; clients.sh sets it.</summary>
public sealed class ClientsTable : IDisposable
{
    private const string Head = """
        | client | version | protocol | tools | generate | edit | list | error | `inline` | long wait | shown to the user |
        |---|---|---|---|---|---|---|---|---|---|---|

        """;

    private const string ConformanceHead = """

        | conformance suite | protocol | scenarios passed |
        |---|---|---|

        """;

    /// <summary>More characters than any answer has; a preview's bytes in base64 are more.</summary>
    private const int BytesAsText = 10_000;

    private readonly SortedDictionary<string, string> _clients = new(StringComparer.OrdinalIgnoreCase);
    private readonly SortedSet<string> _conformance = new(StringComparer.Ordinal);

    public void Add(string client, ClientStory story)
    {
        lock (_clients)
            _clients[client] = Row(
                client,
                story.Version,
                story.Protocol ?? "–",
                $"{story.Tools.Count}",
                story.LinkIn("generate") is null ? "no link" : "link",
                story.LinkIn("edit") is null ? "no link" : "link",
                story.LinkIn("list") is null ? "no links" : "links",
                story.Seen("error").Contains("guidance", StringComparison.Ordinal) ? "explained" : "not explained",
                story.SawImage("inline") ? "image, link" : story.Seen("inline").Length > BytesAsText ? "image as text, link" : "link",
                LongWait(story),
                ToUser(story));
    }

    public void AddConformance(string version, string revision, string passed)
    {
        lock (_clients)
            _conformance.Add(Row(version, revision, passed));
    }

    public void Dispose()
    {
        if (Environment.GetEnvironmentVariable("CLIENTS_TABLE") is not { Length: > 0 } file)
            return;
        var text = File.ReadAllText(file);
        var start = text.IndexOf(Head, StringComparison.Ordinal);
        File.WriteAllText(file, new StringBuilder(text[..(start < 0 ? text.Length : start)])
            .Append(Head).AppendJoin("", _clients.Values).Append(ConformanceHead).AppendJoin("", _conformance).ToString());
    }

    private static string LongWait(ClientStory story) =>
        (story.Seen("wait").Contains("timed_out", StringComparison.Ordinal), story.LinkIn("rest") is not null) switch
        {
            (true, true) => "job id, then link",
            (false, true) => "link",
            _ => "lost",
        };

    private static string ToUser(ClientStory story) => story.Shown is not { } shown
        ? "up to the program"
        : string.Join(", ", new[]
        {
            shown.Contains("generate_image_and_wait", StringComparison.Ordinal) ? "tool calls" : null,
            shown.Contains("'guidance'", StringComparison.Ordinal) ? "errors" : null,
            story.LinkIn("generate") is { } link && shown.Contains(link.AbsoluteUri, StringComparison.Ordinal) ? "links" : null,
            "model's reply",
        }.OfType<string>());

    private static string Row(params string[] cells) => $"| {string.Join(" | ", cells)} |\n";
}
