using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using McpImageGen.Contracts;
using McpImageGen.Jobs.Lifecycle;
using McpImageGen.McpApi.Auth;
using McpImageGen.McpApi.Images;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace McpImageGen.McpApi.Tools;

/// <summary>The tools that read jobs and images.</summary>
[McpServerToolType]
internal sealed class BrowseTools(JobQueries queries, ImageLinks links, InlineImages inlineImages, Caller caller)
{
    private const string LimitHelp = "Items to return.";
    private const string OffsetHelp = "Newest items to skip.";
    private const string CursorHelp = "next_cursor of the previous page.";

    [McpServerTool(Name = "get_job_status", Title = "Get job status", ReadOnly = true, OpenWorld = false)]
    [Description("""
        Returns the status of a job without waiting: pending, processing, completed (with image_url), failed (with error) or cancelled. To wait, use
        wait_for_completion.
        """)]
    public async Task<CallToolResult> GetJobStatus(
        [Description(ArgumentHelp.JobId)] Guid job_id,
        [Description(ArgumentHelp.Inline)] bool inline = false,
        CancellationToken cancellationToken = default)
    {
        if (await queries.FindAsync(caller.Owner, [job_id], cancellationToken) is not [var job])
            return ToolAnswer.UnknownJob(job_id);
        var previews = inline ? await inlineImages.OfAsync([job], cancellationToken) : null;
        return ToolAnswer.Result(
            new
            {
                Success = true,
                JobId = job.Id,
                job.Status,
                ImageUrl = links.To(job),
                Error = JobReport.Error(job),
                job.Prompt,
                job.Model,
                job.CreatedAt,
                job.UpdatedAt,
                Waiting = JobReport.WaitingFor(job),
                job.Attempts,
                Reclaimed = JobReport.Reclaimed(job),
                job.Neurons,
                Parameters = job.ToParameters().ByName().ToDictionary(),
                InputImages = job.InputImages?.Split(' ').Select(links.To),
            },
            [job],
            previews);
    }

    [McpServerTool(Name = "list_generations", Title = "List images", ReadOnly = true, OpenWorld = false)]
    [Description("Lists the completed images with their links, newest first.")]
    public async Task<CallToolResult> ListGenerations(
        [Description(LimitHelp), Range(1, 50)] int limit = 10,
        [Description(OffsetHelp), Range(0, int.MaxValue)] int offset = 0,
        [Description(CursorHelp)] Guid? cursor = null,
        CancellationToken cancellationToken = default)
    {
        var page = await queries.ListAsync(caller.Owner, JobStatus.Completed, limit, offset, cursor, cancellationToken);
        return ToolAnswer.Result(
            new
            {
                Success = true,
                page.TotalCount,
                TotalCountIsEstimate = page.TotalIsEstimate,
                ReturnedCount = page.Jobs.Count,
                page.HasMore,
                // Images that are added meanwhile are newer, so a page after a cursor repeats none.
                NextCursor = page.HasMore ? page.Jobs[^1].Id : (Guid?)null,
                Limit = limit,
                Offset = offset,
                Generations = page.Jobs.Select(job => new
                {
                    job.Id,
                    JobId = job.Id,
                    ImageUrl = links.To(job),
                    job.Prompt,
                    job.Model,
                    job.CreatedAt,
                }),
            },
            page.Jobs);
    }

    [McpServerTool(Name = "list_jobs", Title = "List jobs", ReadOnly = true, OpenWorld = false)]
    [Description("Lists all jobs, or those with one status, newest first. For completed images, use list_generations.")]
    public async Task<CallToolResult> ListJobs(
        [Description("Only jobs with this status.")]
        [AllowedValues("all", JobStatus.Pending, JobStatus.Processing, JobStatus.Completed, JobStatus.Failed, JobStatus.Cancelled)]
        string status = "all",
        [Description(LimitHelp), Range(1, 50)] int limit = 10,
        [Description(OffsetHelp), Range(0, int.MaxValue)] int offset = 0,
        CancellationToken cancellationToken = default)
    {
        var page = await queries.ListAsync(caller.Owner, status == "all" ? null : status, limit, offset, before: null, cancellationToken);
        return ToolAnswer.Result(new
        {
            Success = true,
            Filter = status,
            page.TotalCount,
            TotalCountIsEstimate = page.TotalIsEstimate,
            ReturnedCount = page.Jobs.Count,
            page.HasMore,
            Limit = limit,
            Offset = offset,
            Jobs = page.Jobs.Select(job => new
            {
                job.Id,
                job.Status,
                job.Prompt,
                job.Model,
                ImageUrl = links.To(job),
                Error = JobReport.Error(job),
                job.CreatedAt,
                job.UpdatedAt,
            }),
        });
    }
}
