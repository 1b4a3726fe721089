using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace McpImageGen.Tests.Clients;

/// <summary>What a script of this folder reports of the story (story.mjs) with its client.</summary>
public sealed partial class ClientStory(JsonElement report)
{
    public string Version => report.GetProperty("version").GetString()!;

    /// <summary>The protocol version that the client and the server agreed on; null of a client that knows none.</summary>
    public string? Protocol => report.TryGetProperty("protocol", out var protocol) ? protocol.GetString() : null;

    /// <summary>The names of the server's tools, as the client gives them to its model.</summary>
    public IReadOnlyList<string> Tools => Strings("tools");

    /// <summary>The arguments of <c>generate_image_and_wait</c>, as the client gives them to its model.</summary>
    public IReadOnlyList<string> Arguments => Strings("arguments");

    /// <summary>What the API of the client's model refused, in its words.</summary>
    public IReadOnlyList<string> AuthChallenges => Strings("refusals");

    /// <summary>What a program with a terminal printed for its user; null of a library, whose program decides that.</summary>
    public string? Shown => report.TryGetProperty("shown", out var shown) ? shown.GetString() : null;

    /// <summary>What <c>claude mcp list</c> printed.</summary>
    public string ServerList => report.GetProperty("list").GetString()!;

    /// <summary>The text that the client's model saw, or where there is no model, that the client's program got, as the answer to a step.</summary>
    public string Seen(string step) => Answer(step).GetProperty("text").GetString()!;

    /// <summary>It saw an image, too, not only words.</summary>
    public bool SawImage(string step) => Answer(step).GetProperty("image").GetBoolean();

    /// <summary>The link to an image in the answer to a step; null where there is none.</summary>
    public Uri? LinkIn(string step) => Link().Match(Seen(step)) is { Success: true } link ? new Uri(link.Value) : null;

    /// <summary>How many jobs or images there are, as the answer to a step says.</summary>
    public int? TotalIn(string step) => Total().Match(Seen(step)) is { Success: true } total ? int.Parse(total.Groups[1].Value, CultureInfo.InvariantCulture) : null;

    /// <summary>The id of the first job in the answer to a step; null where there is none.</summary>
    public string? JobIn(string step) => Job().Match(Seen(step)) is { Success: true } job ? job.Groups[1].Value : null;

    private JsonElement Answer(string step) => report.GetProperty("seen").GetProperty(step);

    private List<string> Strings(string name) => [.. report.GetProperty(name).EnumerateArray().Select(item => item.GetString()!)];

    [GeneratedRegex(@"http://[\w.:]+/images/\w+\.jpg")]
    private static partial Regex Link();

    /// <summary>Some clients give their model the answer's JSON as a string in JSON.</summary>
    [GeneratedRegex(@"""job_id\\*"":\s*\\*""([0-9a-f-]{36})")]
    private static partial Regex Job();

    [GeneratedRegex(@"total_count\\*"":\s*(\d+)")]
    private static partial Regex Total();
}
