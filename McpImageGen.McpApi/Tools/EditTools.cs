using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using McpImageGen.Contracts.Models;
using McpImageGen.McpApi.Application;
using McpImageGen.McpApi.Auth;
using McpImageGen.McpApi.Results;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace McpImageGen.McpApi.Tools;

/// <summary>The tools that generate new images from earlier images.</summary>
[McpServerToolType]
internal sealed class EditTools(GenerationService generations, WaitingCalls waits, Caller caller)
{
    private const string PromptHelp = "What to change and what to keep.";
    private const string JobsHelp = "Ids (UUIDs) of the jobs, in the order in which the prompt refers to their images.";

    [McpServerTool(Name = "edit_image", Title = "Start editing images", Destructive = false, OpenWorld = true)]
    [Description("""
        Starts generating new images from a prompt and the images of 1 to 4 completed jobs, which are kept. Returns the job ids immediately. Call
        wait_for_completion with the ids to get the images, or use edit_image_and_wait.
        """)]
    [Returns(typeof(StartedResult), typeof(StartedListResult))]
    public async Task<CallToolResult> EditImage(
        RequestContext<CallToolRequestParams> request,
        [Description(PromptHelp), StringLength(1000, MinimumLength = 3)] string prompt,
        [Description(JobsHelp), MinLength(1), MaxLength(4)] Guid[] job_ids,
        [Description(ModelHelpAttribute.Elsewhere), ModelNames(startsFromImages: true)] string model = ImageModel.Flux2Klein4B,
        [Description(ArgumentHelp.Count), Range(1, 20)] int count = 1,
        ImageArguments? image = null,
        [Description(ArgumentHelp.IdempotencyKey), StringLength(200, MinimumLength = 1)] string? idempotency_key = null,
        CancellationToken cancellationToken = default)
    {
        var edit = new GenerationRequest(prompt, model, count, (image ?? new()).ToParameters(), idempotency_key) { InputJobs = job_ids };
        return request.Result(StartedResults.Of(edit, await generations.SubmitAsync(caller.Owner, edit, cancellationToken)));
    }

    [McpServerTool(Name = "edit_image_and_wait", Title = "Edit images", Destructive = false, OpenWorld = true)]
    [Description("""
        Generates new images from a prompt and the images of 1 to 4 completed jobs, which are kept. Waits until all are finished and returns a link to
        each. If timed_out is true, call wait_for_completion with the job ids; do not edit again.
        """)]
    [ReturnsWaitResult]
    public Task<CallToolResult> EditImageAndWait(
        RequestContext<CallToolRequestParams> request,
        IProgress<ProgressNotificationValue> progress,
        [Description(PromptHelp), StringLength(1000, MinimumLength = 3)] string prompt,
        [Description(JobsHelp), MinLength(1), MaxLength(4)] Guid[] job_ids,
        [Description(ModelHelpAttribute.Elsewhere), ModelNames(startsFromImages: true)] string model = ImageModel.Flux2Klein4B,
        [Description(ArgumentHelp.Count), Range(1, 20)] int count = 1,
        ImageArguments? image = null,
        [Description(ArgumentHelp.IdempotencyKey), StringLength(200, MinimumLength = 1)] string? idempotency_key = null,
        [Description(ArgumentHelp.Timeout), Range(1, 3600)] int? timeout_seconds = null,
        [Description(ArgumentHelp.Inline)] bool inline = false,
        CancellationToken cancellationToken = default)
    {
        var edit = new GenerationRequest(prompt, model, count, (image ?? new()).ToParameters(), idempotency_key) { InputJobs = job_ids };
        return waits.WaitAsync(
            new WaitArguments(request, timeout_seconds, inline, progress), count, isSingle: count == 1,
            () => generations.SubmitAsync(caller.Owner, edit, cancellationToken),
            (limit, reports) => generations.SubmitAndWaitAsync(caller.Owner, edit, limit, reports, cancellationToken),
            cancellationToken);
    }
}
