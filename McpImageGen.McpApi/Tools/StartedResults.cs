using McpImageGen.Contracts;
using McpImageGen.Contracts.Models;
using McpImageGen.Jobs;
using McpImageGen.McpApi.Application;
using McpImageGen.McpApi.Results;

namespace McpImageGen.McpApi.Tools;

/// <summary>The results of the tools that start jobs and do not wait for them.</summary>
internal static class StartedResults
{
    public static ToolResult Of(GenerationRequest request, IReadOnlyList<GenerationJob> jobs)
    {
        var status = jobs.All(job => job.Status == jobs[0].Status) ? jobs[0].Status : JobStatus.Processing;
        var estimate = ImageModel.Find(request.Model)!.EstimatedSeconds;
        return jobs.Count == 1
            ? new StartedResult(
                jobs[0].Id, status, "Generation started. Call wait_for_completion with this job_id to get the image.", request.Prompt, request.Model, estimate)
            : new StartedListResult(
                [.. jobs.Select(job => job.Id)], jobs.Count, status,
                $"{jobs.Count} generations started. Call wait_for_completion with these job_ids to get the images.", request.Prompt, request.Model, estimate);
    }
}

internal sealed record StartedResult(Guid JobId, string Status, string Message, string Prompt, string Model, int EstimatedTimeSeconds) : ToolResult;

internal sealed record StartedListResult(
    IReadOnlyList<Guid> JobIds, int Count, string Status, string Message, string Prompt, string Model, int EstimatedTimeSeconds) : ToolResult;
