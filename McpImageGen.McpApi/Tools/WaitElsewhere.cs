using McpImageGen.Jobs;
using ModelContextProtocol.Server;

namespace McpImageGen.McpApi.Tools;

/// <summary>Tells a waiting tool to return immediately and to hand over the jobs that it would have waited for.</summary>
internal sealed class WaitElsewhere
{
    private const string Item = nameof(WaitElsewhere);

    /// <summary>The jobs, in the order of the result; null if the call was rejected.</summary>
    public IReadOnlyList<GenerationJob>? Jobs { get; set; }

    /// <summary>True if the result is about a single job rather than a list with one job.</summary>
    public bool IsSingle { get; set; }

    /// <summary>Makes the call return without waiting.</summary>
    public static WaitElsewhere AskFor(MessageContext request)
    {
        var wait = new WaitElsewhere();
        request.Items[Item] = wait;
        return wait;
    }

    /// <summary>The object that <see cref="AskFor"/> set; null if the call itself waits.</summary>
    public static WaitElsewhere? AskedFor(MessageContext request) => request.Items.TryGetValue(Item, out var wait) ? (WaitElsewhere?)wait : null;
}
