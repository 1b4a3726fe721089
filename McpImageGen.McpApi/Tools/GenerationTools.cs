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

/// <summary>The tools that start generations, and the code that submits every generation.</summary>
[McpServerToolType]
internal sealed class GenerationTools(JobSubmission submission, InputJobs inputJobs, WaitTools waits, Caller caller, TimeProvider time)
{
    [McpServerTool(Name = "generate_image", Title = "Start generating images", Destructive = false, OpenWorld = true)]
    [Description("""
        Starts generating 1 to 20 images from one prompt and returns the job ids immediately. Call wait_for_completion with the ids to get the images, or
        use generate_image_and_wait.
        """)]
    public async Task<CallToolResult> GenerateImage(
        [Description(ArgumentHelp.Prompt), StringLength(1000, MinimumLength = 3)] string prompt,
        [Description(ModelHelpAttribute.Elsewhere), ModelNames] string model = ImageModel.FluxSchnell,
        [Description(ArgumentHelp.Count), Range(1, 20)] int count = 1,
        [Description(ArgumentHelp.Seed), Range(0, int.MaxValue)] long? seed = null,
        [Description(ArgumentHelp.Width), Range(1, 2500)] int? width = null,
        [Description(ArgumentHelp.Height), Range(1, 2500)] int? height = null,
        [Description(ArgumentHelp.Steps), Range(1, 50)] int? steps = null,
        [Description(ArgumentHelp.NegativePrompt), StringLength(1000, MinimumLength = 1)] string? negative_prompt = null,
        [Description(ArgumentHelp.Guidance), Range(0.0, 20.0)] double? guidance = null,
        [Description(ArgumentHelp.IdempotencyKey), StringLength(200, MinimumLength = 1)] string? idempotency_key = null)
    {
        var parameters = new GenerationParameters(seed, width, height, steps, negative_prompt, guidance);
        var generation = new GenerationRequest(prompt, model, count, parameters, idempotency_key);
        return Started(generation, await SubmitAsync(generation, CancellationToken.None));
    }

    [McpServerTool(Name = "generate_image_and_wait", Title = "Generate images", Destructive = false, OpenWorld = true)]
    [Description("""
        Generates 1 to 20 images from one prompt, waits until all are finished and returns a link to each. If timed_out is true, call
        wait_for_completion with the job ids; do not generate again.
        """)]
    public async Task<CallToolResult> GenerateImageAndWait(
        RequestContext<CallToolRequestParams> request,
        IProgress<ProgressNotificationValue> progress,
        [Description(ArgumentHelp.Prompt), StringLength(1000, MinimumLength = 3)] string prompt,
        [ModelHelp, ModelNames] string model = ImageModel.FluxSchnell,
        [Description(ArgumentHelp.Count), Range(1, 20)] int count = 1,
        [Description(ArgumentHelp.Seed), Range(0, int.MaxValue)] long? seed = null,
        [Description(ArgumentHelp.Width), Range(1, 2500)] int? width = null,
        [Description(ArgumentHelp.Height), Range(1, 2500)] int? height = null,
        [Description(ArgumentHelp.Steps), Range(1, 50)] int? steps = null,
        [Description(ArgumentHelp.NegativePrompt), StringLength(1000, MinimumLength = 1)] string? negative_prompt = null,
        [Description(ArgumentHelp.Guidance), Range(0.0, 20.0)] double? guidance = null,
        [Description(ArgumentHelp.IdempotencyKey), StringLength(200, MinimumLength = 1)] string? idempotency_key = null,
        [Description(ArgumentHelp.Timeout), Range(1, 3600)] int? timeout_seconds = null,
        [Description(ArgumentHelp.Inline)] bool inline = false,
        CancellationToken cancellationToken = default)
    {
        var parameters = new GenerationParameters(seed, width, height, steps, negative_prompt, guidance);
        var jobs = await SubmitAsync(new GenerationRequest(prompt, model, count, parameters, idempotency_key), cancellationToken);
        return await waits.WaitAsync(jobs, isSingle: count == 1, WaitOptions.Of(request, timeout_seconds, inline, progress), cancellationToken);
    }

    /// <summary>
    /// Submits the jobs of one call. Returns them in the order of the result; for a repeated call, the jobs of the first one, see
    /// <see cref="JobSubmission.FindEarlierAsync"/>. Each job has a different seed: a provider or cache that gives equal requests equal responses
    /// would otherwise return, and charge for, the same image several times.
    /// </summary>
    /// <exception cref="ToolRefusedException">The model does not support the parameters, or an input image is not available; nothing was submitted.</exception>
    public async Task<IReadOnlyList<GenerationJob>> SubmitAsync(GenerationRequest request, CancellationToken cancellationToken)
    {
        var model = ImageModel.Find(request.Model)!;
        ModelRule.Demand(model, request.Parameters, request.Count, Math.Max(request.InputJobs.Count, request.InputImages.Count));

        // Before the input jobs are read: they may have been deleted since the first call.
        var call = request.AsRepeatableCall(caller.Owner);
        if (call is not null && request.InputJobs.Count > 0 && await submission.FindEarlierAsync(call, cancellationToken) is { } earlier)
            return earlier;

        var inputImages = request.InputJobs.Count > 0 ? await inputJobs.ImagesOfAsync(request.InputJobs, cancellationToken) : request.InputImages;
        var parameters = request.Parameters;
        var firstSeed = model.Parameter(ModelParameter.Seed) is null ? (long?)null : parameters.Seed ?? Random.Shared.NextInt64(int.MaxValue - request.Count);
        var now = time.GetUtcNow();

        // Sorted, so that ids created in the same millisecond have the order of the result.
        var ids = Enumerable.Range(0, request.Count).Select(_ => Guid.CreateVersion7(now)).Order();
        List<GenerationJob> jobs = [.. ids.Select((id, number) => new GenerationJob
        {
            Id = id,
            Owner = caller.Owner,
            Prompt = request.Prompt,
            Model = request.Model,
            Seed = firstSeed + number,
            Width = parameters.Width,
            Height = parameters.Height,
            Steps = parameters.Steps,
            NegativePrompt = parameters.NegativePrompt,
            Guidance = parameters.Guidance,
            InputImages = inputImages.Count > 0 ? string.Join(' ', inputImages) : null,
            TraceParent = JobTraces.Current,
        })];
        return await submission.SubmitAsync(jobs, call);
    }

    /// <summary>The result of a call that started jobs and does not wait for them.</summary>
    public static CallToolResult Started(GenerationRequest request, IReadOnlyList<GenerationJob> jobs)
    {
        var (prompt, model) = (request.Prompt, request.Model);
        var status = jobs.All(job => job.Status == jobs[0].Status) ? jobs[0].Status : JobStatus.Processing;
        var estimate = ImageModel.Find(model)!.EstimatedSeconds;
        return jobs.Count == 1
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
                Message = $"{jobs.Count} generations started. Call wait_for_completion with these job_ids to get the images.",
                Prompt = prompt,
                Model = model,
                EstimatedTimeSeconds = estimate,
            });
    }
}
