using System.Text.Json.Serialization;
using McpImageGen.Contracts;
using McpImageGen.Jobs;
using McpImageGen.McpApi.Application;
using McpImageGen.McpApi.Images;

namespace McpImageGen.McpApi.Results;

/// <summary>The results of waits, for the tools that wait and for tasks.</summary>
internal sealed class WaitResults(ImageLinks links)
{
    /// <param name="awaited">The jobs.</param>
    /// <param name="isSingle">True if the result is about a single job rather than a list with one job.</param>
    public ImageResult Of(AwaitedJobs awaited, bool isSingle)
    {
        var jobs = awaited.Jobs;
        if (jobs.Any(job => !JobStatus.IsFinal(job.Status)))
            return Unfinished(awaited);
        if (isSingle)
        {
            return jobs[0] is { Status: JobStatus.Completed } job
                ? new CompletedResult(job.Status, links.To(job)!, job.Prompt, job.Model, job.Id)
                : new FailedResult(jobs[0].Status, ErrorOf(jobs[0]), jobs[0].ErrorCode, jobs[0].Id);
        }

        var failed = jobs.Where(job => job.Status != JobStatus.Completed).ToList();
        return failed.Count == 0
            ? new AllCompletedResult(jobs.Count, [.. jobs.Select(job => new CompletedItem(job.Id, links.To(job)!, job.Prompt, job.Model))])
            : new SomeFailedResult(
                JobReport.FailuresAmong(failed, "job(s) "),
                [.. failed.Select(job => new FailedItem(job.Id, job.Status, ErrorOf(job), job.ErrorCode))],
                Completed(jobs));
    }

    private UnfinishedResult Unfinished(AwaitedJobs awaited) => new(
        awaited.ServerIsStopping
            ? "Timeout: the server is shutting down and not all jobs are finished. They continue after it restarts."
            : $"Timeout: not all jobs finished within {awaited.Limit.TotalSeconds} s. They continue to run.",
        TimedOut: true,
        [.. awaited.Jobs.Select(job => new UnfinishedItem(job.Id, job.Status, WaitingReport.Of(job)))],
        Completed(awaited.Jobs),
        awaited.Jobs.Count == 1
            ? $"Call wait_for_completion with job_id \"{awaited.Jobs[0].Id}\". Do not start the generation again."
            : "Call wait_for_completion with the same job_ids. Do not start the generations again.");

    private IReadOnlyList<ImageItem> Completed(IReadOnlyList<GenerationJob> jobs) =>
        [.. jobs.Where(job => job.Status == JobStatus.Completed).Select(job => new ImageItem(job.Id, links.To(job)!))];

    private static string ErrorOf(GenerationJob job) => job.Error ?? (job.Status == JobStatus.Cancelled ? "Cancelled" : "Failed");
}

/// <summary>A single job is completed.</summary>
internal sealed record CompletedResult(string Status, string ImageUrl, string Prompt, string Model, Guid JobId) : ImageResult;

/// <summary>A single job failed or was cancelled.</summary>
internal sealed record FailedResult(string Status, string Error, string? ErrorCode, Guid JobId) : ImageResult(Success: false);

/// <summary>All of the jobs are completed.</summary>
internal sealed record AllCompletedResult(int Count, IReadOnlyList<CompletedItem> Results) : ImageResult;

internal sealed record CompletedItem(Guid JobId, string ImageUrl, string Prompt, string Model);

/// <summary>All of the jobs are finished, and some failed or were cancelled.</summary>
internal sealed record SomeFailedResult(string Error, IReadOnlyList<FailedItem> Failed, IReadOnlyList<ImageItem> Completed) : ImageResult(Success: false);

internal sealed record FailedItem(Guid JobId, string Status, string Error, string? ErrorCode);

internal sealed record ImageItem(Guid JobId, string ImageUrl);

/// <summary>The wait ended before the jobs.</summary>
internal sealed record UnfinishedResult(
    string Error, bool TimedOut, IReadOnlyList<UnfinishedItem> Jobs, IReadOnlyList<ImageItem> Completed, string Next) : ImageResult(Success: false)
{
    /// <summary>Not a success, but not an error for clients either, so that a model does not start the generation again.</summary>
    [JsonIgnore]
    public override bool IsError => false;
}

internal sealed record UnfinishedItem(Guid JobId, string Status, WaitingReport? Waiting);

/// <summary>Why the last attempt of a pending job failed, and when the next attempt is due.</summary>
internal sealed record WaitingReport(string? Reason, string Code, long? NextAttemptAt, int Attempts)
{
    /// <summary>The report; null if the job is not waiting for another attempt.</summary>
    public static WaitingReport? Of(GenerationJob job) =>
        job is { Status: JobStatus.Pending, ErrorCode: { } code } ? new(job.Error, code, job.NextAttemptAt, job.Attempts) : null;
}
