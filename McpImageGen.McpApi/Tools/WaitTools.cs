using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using McpImageGen.Contracts;
using McpImageGen.Jobs;
using McpImageGen.McpApi.Auth;
using McpImageGen.McpApi.Images;
using McpImageGen.McpApi.Waiting;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace McpImageGen.McpApi.Tools;

/// <summary>The tool that waits for generations, and the answer that every wait gives.</summary>
[McpServerToolType]
internal sealed class WaitTools(JobWaits waits, ImageLinks links, InlineImages inlineImages, Caller caller, TimeProvider time)
{
    [McpServerTool(Name = "wait_for_completion", Title = "Wait for images", ReadOnly = true, OpenWorld = false)]
    [Description("""
        Waits until one job, or all of up to 20 jobs, are finished and returns their images' links. Call it after generate_image, or again
        when an answer said timed_out. It answers the moment the last job is finished; there is no need to poll.
        """)]
    public async Task<CallToolResult> WaitForCompletion(
        IProgress<ProgressNotificationValue> progress,
        [Description("The job to wait for. Give either this or job_ids.")] Guid? job_id = null,
        [Description("The jobs to wait for, 1 to 20. Give either this or job_id."), MinLength(1), MaxLength(20)] Guid[]? job_ids = null,
        [Description(WaitWishes.TimeoutHelp), Range(1, 3600)] int? timeout_seconds = null,
        [Description(WaitWishes.InlineHelp)] bool inline = false,
        CancellationToken cancellationToken = default) =>
        JobsAsked.Refusal(job_id, job_ids)
        ?? await WaitAsync(job_ids ?? [job_id!.Value], isSingle: job_id is not null, new WaitWishes(timeout_seconds, inline, progress), cancellationToken);

    /// <summary>Waits for the caller's jobs and answers as every wait does.</summary>
    /// <param name="ids">The jobs, in the order of the answer.</param>
    /// <param name="isSingle">The answer is about one job, not about a list of one.</param>
    /// <param name="wishes">How the client wants to wait.</param>
    /// <param name="cancellationToken">Ends the wait, not the jobs.</param>
    public async Task<CallToolResult> WaitAsync(
        IReadOnlyList<Guid> ids, bool isSingle, WaitWishes wishes, CancellationToken cancellationToken)
    {
        var limit = wishes.LimitFor(ids.Count);
        var progress = new WaitProgress(wishes.Progress, limit, time);
        if (await waits.WaitAsync(caller.Owner, ids, limit, cancellationToken, progress) is not { } jobs)
            return ToolAnswer.UnknownJobs();
        var previews = wishes.Inline ? await inlineImages.OfAsync(jobs, cancellationToken) : null;
        if (jobs.Any(job => !JobStatus.IsFinal(job.Status)))
            return StillRunning(jobs, limit, previews);
        return isSingle ? One(jobs[0], previews) : Several(jobs, previews);
    }

    private CallToolResult One(GenerationJob job, Previews? previews) => job.Status == JobStatus.Completed
        ? ToolAnswer.Result(
            new { Success = true, job.Status, ImageUrl = links.To(job), job.Prompt, job.Model, JobId = job.Id }, [job], previews)
        : ToolAnswer.Error(new { Success = false, Status = JobStatus.Failed, Error = ErrorOf(job), job.ErrorCode, JobId = job.Id });

    private CallToolResult Several(IReadOnlyList<GenerationJob> jobs, Previews? previews)
    {
        var failed = jobs.Where(job => job.Status != JobStatus.Completed).ToList();
        return failed.Count == 0
            ? ToolAnswer.Result(
                new
                {
                    Success = true,
                    jobs.Count,
                    Results = jobs.Select(job => new { JobId = job.Id, ImageUrl = links.To(job), job.Prompt, job.Model }),
                },
                jobs,
                previews)
            : ToolAnswer.Error(
                new
                {
                    Success = false,
                    Error = $"{failed.Count} job(s) failed",
                    Failed = failed.Select(job => new { JobId = job.Id, Error = ErrorOf(job), job.ErrorCode }),
                    Completed = Completed(jobs),
                },
                jobs,
                previews);
    }

    // No success, but not marked as an error either, so that a model does not start the work again.
    private CallToolResult StillRunning(IReadOnlyList<GenerationJob> jobs, TimeSpan limit, Previews? previews) => ToolAnswer.Result(
        new
        {
            Success = false,
            Error = waits.IsStopping
                ? "Timeout: the server stops before all jobs were finished. They go on when it is back."
                : $"Timeout: not all jobs were finished within {limit.TotalSeconds} s. They go on running.",
            TimedOut = true,
            Jobs = jobs.Select(job => new { JobId = job.Id, job.Status, Waiting = JobReport.WaitingFor(job) }),
            Completed = Completed(jobs),
            Next = jobs.Count == 1
                ? $"Call wait_for_completion with job_id \"{jobs[0].Id}\". Do not start the generation again."
                : "Call wait_for_completion with the same job_ids. Do not start the generations again.",
        },
        jobs,
        previews);

    private IEnumerable<object> Completed(IReadOnlyList<GenerationJob> jobs) =>
        jobs.Where(job => job.Status == JobStatus.Completed).Select(job => new { JobId = job.Id, ImageUrl = links.To(job) });

    private static string ErrorOf(GenerationJob job) => job.Error ?? "Failed";
}
