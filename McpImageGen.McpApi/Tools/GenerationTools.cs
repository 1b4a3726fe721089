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

/// <summary>The tools that start generations.</summary>
[McpServerToolType]
internal sealed class GenerationTools(JobSubmission submission, WaitTools waits, Caller caller, TimeProvider time)
{
    private const string PromptHelp = "What the image should show, 3 to 1000 characters. Concrete subjects, style, light and mood help.";
    private const string ModelHelp = "flux-schnell (default): fast, follows the prompt well. sdxl-lightning: fast, photographic. sdxl-base: slower, finest detail.";
    private const string CountHelp = "How many images of this one prompt, generated in parallel, 1 to 20.";

    private const string KeyHelp = "A text of your own, 1 to 200 characters: a call with the same key and the same arguments within 24 h starts nothing new and gives the same jobs, so it can be repeated safely.";

    [McpServerTool(Name = "generate_image", Title = "Start generating images", Destructive = false, OpenWorld = true)]
    [Description("""
        Starts generating one image, or up to 20 variations of one prompt, and returns at once with the job id(s). Use it to go on with other
        work meanwhile; then call wait_for_completion with the id(s). To have the images in one call, use generate_image_and_wait instead.
        """)]
    public async Task<CallToolResult> GenerateImage(
        [Description(PromptHelp), StringLength(1000, MinimumLength = 3)] string prompt,
        [Description(ModelHelp), AllowedValues(ImageModel.FluxSchnell, ImageModel.SdxlLightning, ImageModel.SdxlBase)] string model = ImageModel.FluxSchnell,
        [Description(CountHelp), Range(1, 20)] int count = 1,
        [Description(KeyHelp), StringLength(200, MinimumLength = 1)] string? idempotency_key = null)
    {
        var jobs = await SubmitAsync(prompt, model, count, idempotency_key);
        var status = jobs.All(job => job.Status == jobs[0].Status) ? jobs[0].Status : JobStatus.Processing;
        var estimate = ImageModel.Find(model)!.EstimatedSeconds;
        return count == 1
            ? ToolAnswer.Result(new
            {
                Success = true,
                JobId = jobs[0].Id,
                Status = status,
                Message = "Generation started. Call wait_for_completion with this job_id to get the image.",
                Prompt = prompt,
                Model = model,
                EstimatedTimeSeconds = estimate,
            })
            : ToolAnswer.Result(new
            {
                Success = true,
                JobIds = jobs.Select(job => job.Id),
                jobs.Count,
                Status = status,
                Message = $"{count} generations started. Call wait_for_completion with these job_ids to get the images.",
                Prompt = prompt,
                Model = model,
                EstimatedTimeSeconds = estimate,
            });
    }

    [McpServerTool(Name = "generate_image_and_wait", Title = "Generate images", Destructive = false, OpenWorld = true)]
    [Description("""
        Generates one image, or up to 20 variations of one prompt in parallel, and returns their links when all are done. The simplest way to an
        image, and the right one unless there is other work to do meanwhile. If the answer says timed_out, do not start again: call
        wait_for_completion with the ids it gives.
        """)]
    public async Task<CallToolResult> GenerateImageAndWait(
        IProgress<ProgressNotificationValue> progress,
        [Description(PromptHelp), StringLength(1000, MinimumLength = 3)] string prompt,
        [Description(ModelHelp), AllowedValues(ImageModel.FluxSchnell, ImageModel.SdxlLightning, ImageModel.SdxlBase)] string model = ImageModel.FluxSchnell,
        [Description(CountHelp), Range(1, 20)] int count = 1,
        [Description(KeyHelp), StringLength(200, MinimumLength = 1)] string? idempotency_key = null,
        [Description(WaitWishes.TimeoutHelp), Range(1, 3600)] int? timeout_seconds = null,
        [Description(WaitWishes.InlineHelp)] bool inline = false,
        CancellationToken cancellationToken = default)
    {
        var jobs = await SubmitAsync(prompt, model, count, idempotency_key);
        return await waits.WaitAsync(
            [.. jobs.Select(job => job.Id)], isSingle: count == 1, new WaitWishes(timeout_seconds, inline, progress), cancellationToken);
    }

    private async Task<IReadOnlyList<GenerationJob>> SubmitAsync(string prompt, string model, int count, string? idempotencyKey)
    {
        var now = time.GetUtcNow();

        // Sorted, so that ids made in the same millisecond keep the order of the answer.
        var ids = Enumerable.Range(0, count).Select(_ => Guid.CreateVersion7(now)).Order();
        List<GenerationJob> jobs = [.. ids.Select(id => NewJob(id, caller.Owner, prompt, model, now.ToUnixTimeMilliseconds()))];
        return await submission.SubmitAsync(jobs, idempotencyKey);
    }

    private static GenerationJob NewJob(Guid id, string owner, string prompt, string model, long now) => new()
    {
        Id = id,
        Owner = owner,
        Prompt = prompt,
        Model = model,
        TraceParent = JobTraces.Current,
        CreatedAt = now,
        UpdatedAt = now,
    };
}
