using McpImageGen.Contracts;
using McpImageGen.Contracts.Models;
using McpImageGen.Jobs;
using McpImageGen.Jobs.Images;
using McpImageGen.Jobs.Submission;
using McpImageGen.McpApi.Waiting;

namespace McpImageGen.McpApi.Application;

/// <summary>Starts generations for an owner.</summary>
internal sealed class GenerationService(JobSubmission submission, JobService jobs, JobCompletionWaiter waiter, TimeProvider time)
{
    /// <summary>Submits one job for each image of the request. From the insert on, the caller's cancellation is ignored.</summary>
    /// <returns>The jobs in the order of their seeds; for a repeated request, the jobs of the first one, see <see cref="JobSubmission.FindEarlierAsync"/>.</returns>
    /// <exception cref="RequestFailedException">The request is invalid, or an input image is not available; nothing was submitted.</exception>
    /// <inheritdoc cref="JobSubmission.SubmitAsync" path="/exception"/>
    public async Task<IReadOnlyList<GenerationJob>> SubmitAsync(string owner, GenerationRequest request, CancellationToken cancellationToken)
    {
        var (prepared, call, earlier) = await PrepareAsync(owner, request, cancellationToken);
        return earlier ?? await submission.SubmitAsync(prepared, call);
    }

    /// <summary>Submits the jobs and waits until all are finished, the time limit is reached, or the server stops.</summary>
    /// <inheritdoc cref="SubmitAsync"/>
    public async Task<AwaitedJobs> SubmitAndWaitAsync(
        string owner, GenerationRequest request, TimeSpan limit, IProgress<IReadOnlyList<GenerationJob>>? progress, CancellationToken cancellationToken)
    {
        var (prepared, call, earlier) = await PrepareAsync(owner, request, cancellationToken);

        // Registered before they are submitted, so that no completion is missed and the rows need not be read.
        using var wait = waiter.Register(prepared.Select(job => job.Id));
        var accepted = earlier ?? await submission.SubmitAsync(prepared, call);
        if (accepted == prepared)
        {
            var finished = await waiter.WaitAsync(owner, wait, accepted, limit, progress, cancellationToken);
            return new AwaitedJobs(finished ?? throw new RequestFailedException(RequestError.UnknownJobs), limit, waiter.IsStopping);
        }

        var existing = accepted.Where(job => job.Status != JobStatus.Deleted).Select(job => job.Id).ToList();
        var awaited = await jobs.WaitAsync(owner, existing, limit, progress, cancellationToken);
        return awaited with { Jobs = [.. accepted.Select(job => awaited.Jobs.FirstOrDefault(other => other.Id == job.Id) ?? job)] };
    }

    /// <summary>Submits a copy of a job with another seed. Repeating the same job and seed returns the same new job.</summary>
    /// <inheritdoc cref="SubmitAsync" path="/exception"/>
    public async Task<GenerationJob> RepeatAsync(GenerationJob job, int seed, CancellationToken cancellationToken)
    {
        if (ImageModel.Find(job.Model) is not { } model)
            throw new RequestFailedException(new(ErrorCode.ModelUnavailable, $"The model {job.Model} is no longer available on this server."));

        // A model without a seed parameter always uses a random seed.
        var parameters = job.Parameters with { Seed = model.Parameter(ParameterName.Seed) is null ? null : seed };
        var request = new GenerationRequest(job.Prompt, job.Model, Count: 1, parameters, $"again {job.Id} {seed}")
        {
            InputImages = job.InputImages ?? [],
        };
        return (await SubmitAsync(job.Owner, request, cancellationToken))[0];
    }

    /// <summary>Checks the request and creates the rows of its jobs, or finds the jobs of the same earlier request.</summary>
    private async Task<(IReadOnlyList<GenerationJob> Prepared, RepeatableCall? Call, IReadOnlyList<GenerationJob>? Earlier)> PrepareAsync(
        string owner, GenerationRequest request, CancellationToken cancellationToken)
    {
        var parameters = GenerationRules.Check(request);
        var call = request.AsRepeatableCall(owner);
        if (request.InputJobs.Count == 0)
            return (RowsOf(owner, request, parameters, request.InputImages), call, null);

        // Before the input jobs are read: they may have been deleted since the first request.
        if (call is not null && await submission.FindEarlierAsync(call, cancellationToken) is { } earlier)
            return ([], call, earlier);
        var inputs = await jobs.GetAllAsync(owner, request.InputJobs, cancellationToken);
        return (RowsOf(owner, request, parameters, [.. inputs.Select(ImageOf)]), call, null);
    }

    /// <summary>
    /// Each job has a different seed: a provider or cache that gives equal requests equal responses would otherwise return, and charge for, the
    /// same image several times.
    /// </summary>
    private List<GenerationJob> RowsOf(
        string owner, GenerationRequest request, GenerationParameters parameters, IReadOnlyList<ImageKey> inputImages)
    {
        var supportsSeed = ImageModel.Find(request.Model)!.Parameter(ParameterName.Seed) is not null;
        var firstSeed = supportsSeed ? parameters.Seed ?? Random.Shared.NextInt64(int.MaxValue - request.Count) : (long?)null;
        var now = time.GetUtcNow();

        // Sorted, so that ids created in the same millisecond have the order of the result.
        var ids = Enumerable.Range(0, request.Count).Select(_ => Guid.CreateVersion7(now)).Order();
        return
        [
            .. ids.Select((id, number) => new GenerationJob
            {
                Id = id,
                Owner = owner,
                Prompt = request.Prompt,
                Model = request.Model,
                Parameters = parameters with { Seed = firstSeed + number },
                InputImages = inputImages.Count > 0 ? inputImages : null,
                TraceParent = JobTraces.Current,
            }),
        ];
    }

    private static ImageKey ImageOf(GenerationJob job) => job switch
    {
        { Status: JobStatus.Completed, ImageKey: { } key } => key,
        { Status: JobStatus.Pending or JobStatus.Processing } => throw NoImage(
            $"Job {job.Id} is {job.Status} and has no image yet. Wait for it with wait_for_completion, then call again."),
        _ => throw NoImage($"Job {job.Id} is {job.Status} and has no image. Use another job; list_generations returns the completed ones."),
    };

    private static RequestFailedException NoImage(string message) => new(RequestError.Invalid("job_ids", message));
}
