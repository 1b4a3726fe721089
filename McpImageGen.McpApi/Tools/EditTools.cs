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

/// <summary>The tools that make new images from earlier ones.</summary>
[McpServerToolType]
internal sealed class EditTools(JobQueries queries, GenerationTools generations, WaitTools waits, Caller caller)
{
    private const string PromptHelp = "What to make of the images, 3 to 1000 characters: what to change, and what to keep.";
    private const string JobsHelp = "The jobs whose images to start from, 1 to 4, all of them completed. The prompt can speak of them in this order.";

    [McpServerTool(Name = "edit_image", Title = "Start editing images", Destructive = false, OpenWorld = true)]
    [Description("""
        Starts making a new image, or several, from the images of up to 4 earlier jobs and a prompt: change one, or combine some. The earlier
        images stay as they are. Returns at once with the job id(s); then call wait_for_completion. To have the result in one call, use
        edit_image_and_wait instead.
        """)]
    public async Task<CallToolResult> EditImage(
        [Description(PromptHelp), StringLength(1000, MinimumLength = 3)] string prompt,
        [Description(JobsHelp), MinLength(1), MaxLength(4)] Guid[] job_ids,
        [ModelHelp(startsFromImages: true), ModelNames(startsFromImages: true)] string model = ImageModel.Flux2Klein4B,
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
        Makes a new image, or several, from the images of up to 4 earlier jobs and a prompt, and returns the links when all are done: change
        one, or combine some. The earlier images stay as they are. If the answer says timed_out, do not start again: call
        wait_for_completion with the ids it gives.
        """)]
    public async Task<CallToolResult> EditImageAndWait(
        IProgress<ProgressNotificationValue> progress,
        [Description(PromptHelp), StringLength(1000, MinimumLength = 3)] string prompt,
        [Description(JobsHelp), MinLength(1), MaxLength(4)] Guid[] job_ids,
        [ModelHelp(startsFromImages: true), ModelNames(startsFromImages: true)] string model = ImageModel.Flux2Klein4B,
        [Description(ArgumentHelp.Count), Range(1, 20)] int count = 1,
        [Description(ArgumentHelp.Seed), Range(0, int.MaxValue)] long? seed = null,
        [Description(ArgumentHelp.Width), Range(1, 2500)] int? width = null,
        [Description(ArgumentHelp.Height), Range(1, 2500)] int? height = null,
        [Description(ArgumentHelp.Steps), Range(1, 50)] int? steps = null,
        [Description(ArgumentHelp.Guidance), Range(0.0, 20.0)] double? guidance = null,
        [Description(ArgumentHelp.IdempotencyKey), StringLength(200, MinimumLength = 1)] string? idempotency_key = null,
        [Description(WaitWishes.TimeoutHelp), Range(1, 3600)] int? timeout_seconds = null,
        [Description(WaitWishes.InlineHelp)] bool inline = false,
        CancellationToken cancellationToken = default)
    {
        var parameters = new GenerationParameters(seed, width, height, steps, Guidance: guidance);
        var images = await ImagesOfAsync(job_ids, cancellationToken);
        var jobs = await generations.SubmitAsync(prompt, model, count, parameters, idempotency_key, images);
        return await waits.WaitAsync(
            [.. jobs.Select(job => job.Id)], isSingle: count == 1, new WaitWishes(timeout_seconds, inline, progress), cancellationToken);
    }

    /// <summary>The keys of the images of the caller's jobs, in the order asked for.</summary>
    /// <exception cref="ToolRefusedException">A job is unknown, another owner's, or not completed.</exception>
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
        _ => throw NoImage($"Job {job.Id} is {job.Status} and has no image. Start from another one; list_generations shows what there is."),
    };

    private static ToolRefusedException NoImage(string error) => new(ToolAnswer.Refusal(new ToolRefusal("job_ids", error)));
}
