using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using McpImageGen.McpApi.Application;
using McpImageGen.McpApi.Auth;
using McpImageGen.McpApi.Results;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace McpImageGen.McpApi.Tools;

/// <summary>The tools that cancel and delete jobs.</summary>
[McpServerToolType]
internal sealed class CancelAndDeleteTools(JobService jobs, Caller caller)
{
    [McpServerTool(Name = "cancel_job", Title = "Cancel jobs", Destructive = true, Idempotent = true, OpenWorld = false)]
    [Description("""
        Cancels 1 to 20 pending or processing jobs. Finished jobs are not changed.
        """)]
    [Returns(typeof(CancelledResult))]
    public async Task<CallToolResult> CancelJob(
        RequestContext<CallToolRequestParams> request,
        [Description("Job id (UUID). Pass either this or job_ids.")] Guid? job_id = null,
        [Description("Job ids (UUIDs)."), MinLength(1), MaxLength(20)] Guid[]? job_ids = null,
        CancellationToken cancellationToken = default)
    {
        var ids = JobIdArguments.Of(job_id, job_ids).Distinct().ToList();
        var (cancelled, all) = await jobs.CancelAsync(caller.Owner, ids, cancellationToken);
        return request.Result(new CancelledResult(
            cancelled.Count, MessageOf(cancelled.Count, ids.Count - cancelled.Count),
            [.. all.Select(job => new CancelledItem(job.Id, job.Status, cancelled.Contains(job.Id)))]));
    }

    [McpServerTool(Name = "delete_generation", Title = "Delete an image", Destructive = true, Idempotent = true, OpenWorld = false)]
    [Description("""
        Permanently deletes a finished job and its image. Use it only when the user asks for it. Cancel an unfinished job first with cancel_job.
        """)]
    [Returns(typeof(DeletedResult), typeof(ErrorResult))]
    public async Task<CallToolResult> DeleteGeneration(
        RequestContext<CallToolRequestParams> request,
        [Description(ArgumentHelp.JobId)] Guid job_id, CancellationToken cancellationToken)
    {
        var job = await jobs.DeleteAsync(caller.Owner, job_id, cancellationToken);
        return request.Result(new DeletedResult(job.Id, Deleted: true, job.ImageKey is null
            ? "The job was deleted; it had no image."
            : "The job and its image were deleted; the link no longer works."));
    }

    private static string MessageOf(int cancelled, int finished) => (cancelled, finished) switch
    {
        ( > 0, 0) => $"{cancelled} job(s) cancelled.",
        (0, _) => $"{finished} job(s) were already finished; nothing was changed.",
        _ => $"{cancelled} job(s) cancelled; {finished} were already finished and were not changed.",
    };

    private sealed record CancelledResult(int CancelledCount, string Message, IReadOnlyList<CancelledItem> Jobs) : ToolResult;

    private sealed record CancelledItem(Guid JobId, string Status, bool Cancelled);

    private sealed record DeletedResult(Guid JobId, bool Deleted, string Message) : ToolResult;
}
