using McpImageGen.Jobs;
using ModelContextProtocol.Server;

namespace McpImageGen.McpApi.Results;

/// <summary>Tells a waiting tool that its client gets a task instead of the result: the tool hands over its jobs and returns without waiting.</summary>
internal sealed class TaskHandover
{
    /// <summary>The jobs, in the order of the result; null if the call was rejected.</summary>
    public IReadOnlyList<GenerationJob>? Jobs { get; private set; }

    /// <summary>True if the result is about a single job rather than a list with one job.</summary>
    public bool IsSingle { get; private set; }

    /// <summary>Makes the call hand over its jobs.</summary>
    public static TaskHandover RequestIn(MessageContext request)
    {
        var handover = new TaskHandover();
        request.Items[nameof(TaskHandover)] = handover;
        return handover;
    }

    /// <summary>The object that <see cref="RequestIn"/> added to the call; null if the client gets the result.</summary>
    public static TaskHandover? In(MessageContext request) =>
        request.Items.TryGetValue(nameof(TaskHandover), out var handover) ? (TaskHandover?)handover : null;

    public void Accept(IReadOnlyList<GenerationJob> jobs, bool isSingle) => (Jobs, IsSingle) = (jobs, isSingle);
}
