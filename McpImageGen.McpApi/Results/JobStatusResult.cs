using McpImageGen.Jobs;
using McpImageGen.McpApi.Application;
using McpImageGen.McpApi.Images;

namespace McpImageGen.McpApi.Results;

/// <summary>The details of one job. Times are Unix milliseconds.</summary>
internal sealed record JobStatusResult(
    Guid JobId,
    string Status,
    string? ImageUrl,
    string? Error,
    string Prompt,
    string Model,
    long CreatedAt,
    long UpdatedAt,
    WaitingReport? Waiting,
    int Attempts,
    ReclaimReport? Reclaimed,
    double? Neurons,
    IReadOnlyDictionary<string, object> Parameters,
    IReadOnlyList<string>? InputImages) : ImageResult
{
    public static JobStatusResult Of(GenerationJob job, ImageLinks links) => new(
        job.Id, job.Status, links.To(job), JobReport.Error(job), job.Prompt, job.Model, job.CreatedAt, job.UpdatedAt, WaitingReport.Of(job), job.Attempts,
        ReclaimReport.Of(job), job.Neurons, job.Parameters.ByName().ToDictionary(), job.InputImages?.Select(links.To).ToList());
}

/// <summary>How often the job was taken from a worker, and when and why the last time.</summary>
internal sealed record ReclaimReport(int Times, long At, string? Reason)
{
    /// <summary>The report; null if the job was never taken from a worker.</summary>
    public static ReclaimReport? Of(GenerationJob job) => job.ReclaimedAt is { } at ? new(job.Takeovers, at, job.ReclaimReason) : null;
}
