using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using McpImageGen.McpApi.Application;
using McpImageGen.McpApi.Auth;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace McpImageGen.McpApi.Tools;

/// <summary>The tool that waits for jobs.</summary>
[McpServerToolType]
internal sealed class WaitTools(JobService jobs, WaitingCalls waits, Caller caller)
{
    [McpServerTool(Name = "wait_for_completion", Title = "Wait for images", ReadOnly = true, OpenWorld = false)]
    [Description("""
        Waits until 1 to 20 jobs are finished and returns links to their images. Use it after generate_image or edit_image, or when timed_out
        is true.
        """)]
    [ReturnsWaitResult]
    public async Task<CallToolResult> WaitForCompletion(
        RequestContext<CallToolRequestParams> request,
        IProgress<ProgressNotificationValue> progress,
        [Description("Job id (UUID). Pass either this or job_ids.")] Guid? job_id = null,
        [Description("Job ids (UUIDs)."), MinLength(1), MaxLength(20)] Guid[]? job_ids = null,
        [Description(ArgumentHelp.Timeout), Range(1, 3600)] int? timeout_seconds = null,
        [Description(ArgumentHelp.Inline)] bool inline = false,
        CancellationToken cancellationToken = default)
    {
        var ids = JobIdArguments.Of(job_id, job_ids);
        return await waits.WaitAsync(
            new WaitArguments(request, timeout_seconds, inline, progress), ids.Count, isSingle: job_id is not null,
            () => jobs.GetAllAsync(caller.Owner, ids, cancellationToken),
            (limit, reports) => jobs.WaitAsync(caller.Owner, ids, limit, reports, cancellationToken),
            cancellationToken);
    }
}
