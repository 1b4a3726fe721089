using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using McpImageGen.Contracts;
using McpImageGen.McpApi.Application;
using McpImageGen.McpApi.Auth;
using McpImageGen.McpApi.Images;
using McpImageGen.McpApi.Results;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace McpImageGen.McpApi.Tools;

/// <summary>The tools that read jobs and images.</summary>
[McpServerToolType]
internal sealed class BrowseTools(JobService jobs, ImageLinks links, InlineImages inlineImages, Caller caller)
{
    private const string LimitHelp = "Items to return.";
    private const string OffsetHelp = "Newest items to skip.";
    private const string CursorHelp = "next_cursor of the previous page.";

    [McpServerTool(Name = "get_job_status", Title = "Get job status", ReadOnly = true, OpenWorld = false)]
    [Description("""
        Returns the status of a job without waiting: pending, processing, completed (with image_url), failed (with error) or cancelled. To wait, use
        wait_for_completion.
        """)]
    [Returns(typeof(JobStatusResult))]
    public async Task<CallToolResult> GetJobStatus(
        RequestContext<CallToolRequestParams> request,
        [Description(ArgumentHelp.JobId)] Guid job_id,
        [Description(ArgumentHelp.Inline)] bool inline = false,
        CancellationToken cancellationToken = default)
    {
        var job = await jobs.GetAsync(caller.Owner, job_id, cancellationToken);
        var previews = inline ? await inlineImages.OfAsync([job], cancellationToken) : null;
        return request.Result(JobStatusResult.Of(job, links), [job], previews);
    }

    [McpServerTool(Name = "list_generations", Title = "List images", ReadOnly = true, OpenWorld = false)]
    [Description("Lists the completed images with their links, newest first.")]
    [Returns(typeof(GenerationsResult))]
    public async Task<CallToolResult> ListGenerations(
        RequestContext<CallToolRequestParams> request,
        [Description(LimitHelp), Range(1, 50)] int limit = 10,
        [Description(OffsetHelp), Range(0, int.MaxValue)] int offset = 0,
        [Description(CursorHelp)] Guid? cursor = null,
        CancellationToken cancellationToken = default)
    {
        var page = await jobs.ListAsync(caller.Owner, JobStatus.Completed, limit, offset, cursor, cancellationToken);
        return request.Result(
            new GenerationsResult(
                page.TotalCount, page.TotalIsEstimate, page.Jobs.Count, page.HasMore,
                // Images that are added meanwhile are newer, so a page after a cursor repeats none.
                NextCursor: page.HasMore ? page.Jobs[^1].Id : null,
                limit, offset,
                [.. page.Jobs.Select(job => new GenerationItem(job.Id, job.Id, links.To(job)!, job.Prompt, job.Model, job.CreatedAt))]),
            page.Jobs);
    }

    [McpServerTool(Name = "list_jobs", Title = "List jobs", ReadOnly = true, OpenWorld = false)]
    [Description("Lists all jobs, or those with one status, newest first. For completed images, use list_generations.")]
    [Returns(typeof(JobsResult))]
    public async Task<CallToolResult> ListJobs(
        RequestContext<CallToolRequestParams> request,
        [Description("Only jobs with this status.")]
        [AllowedValues("all", JobStatus.Pending, JobStatus.Processing, JobStatus.Completed, JobStatus.Failed, JobStatus.Cancelled)]
        string status = "all",
        [Description(LimitHelp), Range(1, 50)] int limit = 10,
        [Description(OffsetHelp), Range(0, int.MaxValue)] int offset = 0,
        CancellationToken cancellationToken = default)
    {
        var page = await jobs.ListAsync(caller.Owner, status == "all" ? null : status, limit, offset, before: null, cancellationToken);
        return request.Result(new JobsResult(
            status, page.TotalCount, page.TotalIsEstimate, page.Jobs.Count, page.HasMore, limit, offset,
            [
                .. page.Jobs.Select(job => new JobItem(
                    job.Id, job.Status, job.Prompt, job.Model, links.To(job), JobReport.Error(job), job.CreatedAt, job.UpdatedAt)),
            ]));
    }

    private sealed record GenerationsResult(
        long TotalCount, bool TotalCountIsEstimate, int ReturnedCount, bool HasMore, Guid? NextCursor, int Limit, int Offset,
        IReadOnlyList<GenerationItem> Generations) : ToolResult;

    private sealed record GenerationItem(Guid Id, Guid JobId, string ImageUrl, string Prompt, string Model, long CreatedAt);

    private sealed record JobsResult(
        string Filter, long TotalCount, bool TotalCountIsEstimate, int ReturnedCount, bool HasMore, int Limit, int Offset, IReadOnlyList<JobItem> Jobs) : ToolResult;

    private sealed record JobItem(
        Guid Id, string Status, string Prompt, string Model, string? ImageUrl, string? Error, long CreatedAt, long UpdatedAt);
}
