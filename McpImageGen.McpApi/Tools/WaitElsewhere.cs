using McpImageGen.Jobs;
using ModelContextProtocol.Server;

namespace McpImageGen.McpApi.Tools;

/// <summary>Asks a tool that waits to return at once. It hands over the jobs that it would have waited for.</summary>
internal sealed class WaitElsewhere
{
    private const string Item = nameof(WaitElsewhere);

    /// <summary>The jobs, in the order of the answer; null when the call has none, since it was refused.</summary>
    public IReadOnlyList<GenerationJob>? Jobs { get; set; }

    /// <summary>The answer is about one job, not about a list of one.</summary>
    public bool IsSingle { get; set; }

    /// <summary>Makes the call not wait.</summary>
    public static WaitElsewhere AskFor(MessageContext request)
    {
        var wait = new WaitElsewhere();
        request.Items[Item] = wait;
        return wait;
    }

    /// <summary>What was asked for; null when the call waits itself.</summary>
    public static WaitElsewhere? AskedFor(MessageContext request) => request.Items.TryGetValue(Item, out var wait) ? (WaitElsewhere?)wait : null;
}
