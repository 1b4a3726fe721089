using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using McpImageGen.Contracts;
using McpImageGen.Jobs;
using McpImageGen.Jobs.Lifecycle;
using McpImageGen.McpApi.Auth;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace McpImageGen.McpApi.Tools;

/// <summary>The tools that generate new images from earlier images.</summary>
[McpServerToolType]
internal sealed class EditTools(JobQueries queries, GenerationTools generations, WaitTools waits, Caller caller)
{
    private const string PromptHelp = "What to change in the images and what to keep.";
    private const string JobsHelp = "Ids (UUIDs) of the jobs, in the order in which the prompt refers to their images.";

    [McpServerTool(Name = "edit_image", Title = "Start editing images", Destructive = false, OpenWorld = true)]
    [Description("""
        Starts generating new images from a prompt and the images of 1 to 4 completed jobs, which are kept. Returns the job ids immediately. Call
        wait_for_completion with the ids to get the images, or use edit_image_and_wait.
        """)]
    public async Task<CallToolResult> EditImage(
        [Description(PromptHelp), StringLength(1000, MinimumLength = 3)] string prompt,
        [Description(JobsHelp), MinLength(1), MaxLength(4)] Guid[] job_ids,
        [Description(ModelHelpAttribute.Elsewhere), ModelNames(startsFromImages: true)] string model = ImageModel.Flux2Klein4B,
        [Description(ArgumentHelp.Count), Range(1, 20)] int count = 1,
        [Description(ArgumentHelp.Seed), Range(0, int.MaxValue)] long? seed = null,
        [Description(ArgumentHelp.Width), Range(1, 2500)] int? width = null,
        [Description(ArgumentHelp.Height), Range(1, 2500)] int? height = null,
        [Description(ArgumentHelp.Steps), Range(1, 50)] int? steps = null,
        [Description(ArgumentHelp.Guidance), Range(0.0, 20.0)] double? guidance = null,
        [Description(ArgumentHelp.IdempotencyKey), StringLength(200, MinimumLength = 1)] string? idempotency_key = null,
        CancellationToken cancellationToken = default)
    {
        var parameters = new GenerationParameters(seed, width, height, steps, Guidance: guidance);
        var images = await ImagesOfAsync(job_ids, cancellationToken);
        return GenerationTools.Started(await generations.SubmitAsync(prompt, model, count, parameters, idempotency_key, images));
    }

    [McpServerTool(Name = "edit_image_and_wait", Title = "Edit images", Destructive = false, OpenWorld = true)]
    [Description("""
        Generates new images from a prompt and the images of 1 to 4 completed jobs, which are kept. Waits until all are finished and returns a link to
        each. If timed_out is true, call wait_for_completion with the job ids; do not edit again.
        """)]
    public async Task<CallToolResult> EditImageAndWait(
        RequestContext<CallToolRequestParams> request,
        IProgress<ProgressNotificationValue> progress,
        [Description(PromptHelp), StringLength(1000, MinimumLength = 3)] string prompt,
        [Description(JobsHelp), MinLength(1), MaxLength(4)] Guid[] job_ids,
        [Description(ModelHelpAttribute.Elsewhere), ModelNames(startsFromImages: true)] string model = ImageModel.Flux2Klein4B,
        [Description(ArgumentHelp.Count), Range(1, 20)] int count = 1,
        [Description(ArgumentHelp.Seed), Range(0, int.MaxValue)] long? seed = null,
        [Description(ArgumentHelp.Width), Range(1, 2500)] int? width = null,
        [Description(ArgumentHelp.Height), Range(1, 2500)] int? height = null,
        [Description(ArgumentHelp.Steps), Range(1, 50)] int? steps = null,
        [Description(ArgumentHelp.Guidance), Range(0.0, 20.0)] double? guidance = null,
        [Description(ArgumentHelp.IdempotencyKey), StringLength(200, MinimumLength = 1)] string? idempotency_key = null,
        [Description(ArgumentHelp.Timeout), Range(1, 3600)] int? timeout_seconds = null,
        [Description(ArgumentHelp.Inline)] bool inline = false,
        CancellationToken cancellationToken = default)
    {
        var parameters = new GenerationParameters(seed, width, height, steps, Guidance: guidance);
        var images = await ImagesOfAsync(job_ids, cancellationToken);
        var jobs = await generations.SubmitAsync(prompt, model, count, parameters, idempotency_key, images);
        return await waits.WaitAsync(
            [.. jobs.Select(job => job.Id)], isSingle: count == 1, WaitWishes.Of(request, timeout_seconds, inline, progress), cancellationToken);
    }

    /// <summary>The image keys of the caller's jobs, in the requested order.</summary>
    /// <exception cref="ToolRefusedException">A job is unknown, belongs to another owner, or is not completed.</exception>
    private async Task<IReadOnlyList<string>> ImagesOfAsync(Guid[] ids, CancellationToken cancellationToken)
    {
        var found = (await queries.FindAsync(caller.Owner, ids.ToHashSet(), cancellationToken)).ToDictionary(job => job.Id);
        return ids.All(found.ContainsKey)
            ? [.. ids.Select(id => ImageOf(found[id]))]
            : throw new ToolRefusedException(ToolAnswer.UnknownJobs());
    }

    private static string ImageOf(GenerationJob job) => job switch
    {
        { Status: JobStatus.Completed, ImageKey: { } key } => key,
        { Status: JobStatus.Pending or JobStatus.Processing } => throw NoImage(
            $"Job {job.Id} is {job.Status} and has no image yet. Wait for it with wait_for_completion, then call again."),
        _ => throw NoImage($"Job {job.Id} is {job.Status} and has no image. Use another job; list_generations returns the completed ones."),
    };

    private static ToolRefusedException NoImage(string error) => new(ToolAnswer.Refusal(new ToolRefusal("job_ids", error)));
}
