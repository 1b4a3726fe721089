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

/// <summary>The tool that waits for generations, and the result of every wait.</summary>
[McpServerToolType]
internal sealed class WaitTools(JobCompletionWaiter waits, DefaultWaitLimit limits, ImageLinks links, InlineImages inlineImages, Caller caller, TimeProvider time)
{
    [McpServerTool(Name = "wait_for_completion", Title = "Wait for images", ReadOnly = true, OpenWorld = false)]
    [Description("""
        Waits until 1 to 20 jobs are finished and returns links to their images. Use it after generate_image or edit_image, or when timed_out
        is true.
        """)]
    public async Task<CallToolResult> WaitForCompletion(
        RequestContext<CallToolRequestParams> request,
        IProgress<ProgressNotificationValue> progress,
        [Description("Job id (UUID). Pass either this or job_ids.")] Guid? job_id = null,
        [Description("Job ids (UUIDs)."), MinLength(1), MaxLength(20)] Guid[]? job_ids = null,
        [Description(ArgumentHelp.Timeout), Range(1, 3600)] int? timeout_seconds = null,
        [Description(ArgumentHelp.Inline)] bool inline = false,
        CancellationToken cancellationToken = default) =>
        JobsAsked.Refusal(job_id, job_ids)
        ?? await WaitAsync(job_ids ?? [job_id!.Value], isSingle: job_id is not null, WaitOptions.Of(request, timeout_seconds, inline, progress), cancellationToken);

    /// <summary>Waits for the jobs that this call, or an earlier call with the same idempotency key, submitted, and builds the result.</summary>
    /// <inheritdoc cref="WaitAsync(IReadOnlyList{Guid}, bool, WaitOptions, CancellationToken)"/>
    public Task<CallToolResult> WaitAsync(
        IReadOnlyList<GenerationJob> submitted, bool isSingle, WaitOptions wishes, CancellationToken cancellationToken) =>
        WaitAsync(
            [.. submitted.Where(job => job.Status != JobStatus.Deleted).Select(job => job.Id)],
            found => [.. submitted.Select(job => found.FirstOrDefault(other => other.Id == job.Id) ?? job)],
            isSingle, wishes, cancellationToken);

    /// <summary>Waits for the caller's jobs and builds the result.</summary>
    /// <param name="ids">The jobs, in the order of the result.</param>
    /// <param name="isSingle">True if the result is about a single job rather than a list with one job.</param>
    /// <param name="wishes">How the client wants to wait.</param>
    /// <param name="cancellationToken">Ends the wait, not the jobs.</param>
    public Task<CallToolResult> WaitAsync(IReadOnlyList<Guid> ids, bool isSingle, WaitOptions wishes, CancellationToken cancellationToken) =>
        WaitAsync(ids, found => found, isSingle, wishes, cancellationToken);

    private async Task<CallToolResult> WaitAsync(
        IReadOnlyList<Guid> ids, Func<IReadOnlyList<GenerationJob>, IReadOnlyList<GenerationJob>> complete,
        bool isSingle, WaitOptions wishes, CancellationToken cancellationToken)
    {
        var limit = wishes.Timeout ?? limits.For(wishes.ProtocolVersion, ids.Count);
        var progress = new WaitProgress(wishes.Progress, limit, time);
        if (await waits.WaitAsync(caller.Owner, ids, wishes.Elsewhere is null ? limit : TimeSpan.Zero, cancellationToken, progress) is not { } found)
            return ToolAnswer.UnknownJobs();
        var jobs = complete(found);
        if (wishes.Elsewhere is { } elsewhere && jobs.All(job => job.Status != JobStatus.Deleted))
            (elsewhere.Jobs, elsewhere.IsSingle) = (jobs, isSingle);
        var previews = wishes is { Inline: true, Elsewhere: null } ? await inlineImages.OfAsync(jobs, cancellationToken) : null;
        if (jobs.Any(job => !JobStatus.IsFinal(job.Status)))
            return StillRunning(jobs, limit, previews);
        return isSingle ? One(jobs[0], previews) : Several(jobs, previews);
    }

    private CallToolResult One(GenerationJob job, Previews? previews) => job.Status == JobStatus.Completed
        ? ToolAnswer.Result(
            new { Success = true, job.Status, ImageUrl = links.To(job), job.Prompt, job.Model, JobId = job.Id }, [job], previews)
        : ToolAnswer.Error(new { Success = false, job.Status, Error = ErrorOf(job), job.ErrorCode, JobId = job.Id });

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
                    Error = JobReport.FailuresAmong(failed, "job(s) "),
                    Failed = failed.Select(job => new { JobId = job.Id, job.Status, Error = ErrorOf(job), job.ErrorCode }),
                    Completed = Completed(jobs),
                },
                jobs,
                previews);
    }

    // Not a success, but not marked as an error either, so that a model does not start the generation again.
    private CallToolResult StillRunning(IReadOnlyList<GenerationJob> jobs, TimeSpan limit, Previews? previews) => ToolAnswer.Result(
        new
        {
            Success = false,
            Error = waits.IsStopping
                ? "Timeout: the server is shutting down and not all jobs are finished. They continue after it restarts."
                : $"Timeout: not all jobs finished within {limit.TotalSeconds} s. They continue to run.",
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

    private static string ErrorOf(GenerationJob job) => job.Error ?? (job.Status == JobStatus.Cancelled ? "Cancelled" : "Failed");
}
