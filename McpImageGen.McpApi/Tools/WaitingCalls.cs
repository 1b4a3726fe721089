using McpImageGen.Contracts;
using McpImageGen.Jobs;
using McpImageGen.McpApi.Application;
using McpImageGen.McpApi.Images;
using McpImageGen.McpApi.Results;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace McpImageGen.McpApi.Tools;

/// <summary>What all tools that wait have in common: the time limit, the progress, the previews, and the hand-over to a task.</summary>
internal sealed class WaitingCalls(DefaultWaitLimit limits, WaitResults results, InlineImages inlineImages, TimeProvider time)
{
    /// <summary>Waits for jobs and returns the result.</summary>
    /// <param name="call">The arguments about waiting.</param>
    /// <param name="count">The number of jobs.</param>
    /// <param name="isSingle">True if the result is about a single job rather than a list with one job.</param>
    /// <param name="read">Returns the jobs without waiting.</param>
    /// <param name="wait">Waits for the jobs.</param>
    /// <param name="cancellationToken">Ends the wait, not the jobs.</param>
    public async Task<CallToolResult> WaitAsync(
        WaitArguments call,
        int count,
        bool isSingle,
        Func<Task<IReadOnlyList<GenerationJob>>> read,
        Func<TimeSpan, IProgress<IReadOnlyList<GenerationJob>>, Task<AwaitedJobs>> wait,
        CancellationToken cancellationToken)
    {
        if (TaskHandover.In(call.Request) is { } handover)
        {
            var jobs = await read();
            if (jobs.All(job => job.Status != JobStatus.Deleted))
                handover.Accept(jobs, isSingle);
            return call.Request.Result(results.Of(new AwaitedJobs(jobs, TimeSpan.Zero, ServerIsStopping: false), isSingle), jobs);
        }

        var limit = call.TimeoutSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : limits.For(call.Request.Server.NegotiatedProtocolVersion, count);
        var awaited = await wait(limit, new WaitProgress(call.Progress, limit, time));
        var previews = call.Inline ? await inlineImages.OfAsync(awaited.Jobs, cancellationToken) : null;
        return call.Request.Result(results.Of(awaited, isSingle), awaited.Jobs, previews);
    }
}

/// <summary>The arguments of a call about waiting.</summary>
/// <param name="Request">The call.</param>
/// <param name="TimeoutSeconds">1 s to 1 h; null if the client sent no time limit.</param>
/// <param name="Inline">True if the result should have previews of the images in addition to the links.</param>
/// <param name="Progress">Receives the progress of the jobs.</param>
internal sealed record WaitArguments(
    RequestContext<CallToolRequestParams> Request, int? TimeoutSeconds, bool Inline, IProgress<ProgressNotificationValue> Progress);
