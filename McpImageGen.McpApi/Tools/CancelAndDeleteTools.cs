using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using McpImageGen.Contracts;
using McpImageGen.Jobs;
using McpImageGen.Jobs.Lifecycle;
using McpImageGen.McpApi.Auth;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace McpImageGen.McpApi.Tools;

/// <summary>The tools that cancel and delete jobs.</summary>
[McpServerToolType]
internal sealed partial class CancelAndDeleteTools(
    JobQueries queries, JobCancellation cancellation, JobRemoval removal, Caller caller, ILogger<CancelAndDeleteTools> logger)
{
    [McpServerTool(Name = "cancel_job", Title = "Cancel jobs", Destructive = true, Idempotent = true, OpenWorld = false)]
    [Description("""
        Cancels 1 to 20 pending or processing jobs. Finished jobs are not changed.
        """)]
    public async Task<CallToolResult> CancelJob(
        [Description("Job id (UUID). Pass either this or job_ids.")] Guid? job_id = null,
        [Description("Job ids (UUIDs)."), MinLength(1), MaxLength(20)] Guid[]? job_ids = null,
        CancellationToken cancellationToken = default)
    {
        if (JobsAsked.Refusal(job_id, job_ids) is { } refusal)
            return refusal;
        var ids = (job_ids ?? [job_id!.Value]).Distinct().ToList();
        if ((await queries.FindAsync(caller.Owner, ids, cancellationToken)).Count < ids.Count)
            return ToolAnswer.UnknownJobs();

        var cancelled = await cancellation.CancelAsync(caller.Owner, ids, cancellationToken);
        var jobs = (await queries.FindAsync(caller.Owner, ids, cancellationToken)).ToDictionary(job => job.Id);
        return ToolAnswer.Result(new
        {
            Success = true,
            CancelledCount = cancelled.Count,
            Message = MessageOf(cancelled.Count, ids.Count - cancelled.Count),
            Jobs = ids.Where(jobs.ContainsKey).Select(id => new { JobId = id, jobs[id].Status, Cancelled = cancelled.Contains(id) }),
        });
    }

    [McpServerTool(Name = "delete_generation", Title = "Delete an image", Destructive = true, Idempotent = true, OpenWorld = false)]
    [Description("""
        Permanently deletes a finished job and its image. Use it only when the user asks for it. Cancel an unfinished job first with cancel_job.
        """)]
    public async Task<CallToolResult> DeleteGeneration(
        [Description(ArgumentHelp.JobId)] Guid job_id, CancellationToken cancellationToken)
    {
        if (await queries.FindAsync(caller.Owner, [job_id], cancellationToken) is not [var job])
            return ToolAnswer.UnknownJob(job_id);
        if (!JobStatus.IsFinal(job.Status))
        {
            return ToolAnswer.Error(new
            {
                Success = false,
                Error = $"The job is {job.Status}, so it was not deleted. Cancel it first with cancel_job, or wait for it with wait_for_completion.",
                ErrorCode = "job_unfinished",
                JobId = job_id,
                job.Status,
            });
        }

        try
        {
            await removal.RemoveAsync(job, cancellationToken);
        }
        catch (IOException exception)
        {
            Log.StoreUnavailable(logger, job_id, exception.Message);
            return ToolAnswer.Error(new
            {
                Success = false,
                Error = "The image store is not available, so the job was not deleted. Try again in a few seconds.",
                ErrorCode = "image_store_unavailable",
                JobId = job_id,
            });
        }

        Log.Deleted(logger, job_id);
        return ToolAnswer.Result(new { Success = true, JobId = job_id, Deleted = true, Message = DeletedMessage(job) });
    }

    private static string MessageOf(int cancelled, int finished) => (cancelled, finished) switch
    {
        ( > 0, 0) => $"{cancelled} job(s) cancelled.",
        (0, _) => $"{finished} job(s) were already finished; nothing was changed.",
        _ => $"{cancelled} job(s) cancelled; {finished} were already finished and were not changed.",
    };

    private static string DeletedMessage(GenerationJob job) =>
        job.ImageKey is null ? "The job was deleted; it had no image." : "The job and its image were deleted; the link no longer works.";

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Job {JobId} was deleted by its owner")]
        public static partial void Deleted(ILogger logger, Guid jobId);

        [LoggerMessage(LogLevel.Warning, "The image of job {JobId} could not be deleted: {Reason}")]
        public static partial void StoreUnavailable(ILogger logger, Guid jobId, string reason);
    }
}
