using McpImageGen.Contracts;
using McpImageGen.Jobs;
using McpImageGen.Jobs.Claiming;
using McpImageGen.Jobs.Cleanup;
using McpImageGen.Jobs.Images;
using McpImageGen.Jobs.Queries;
using McpImageGen.McpApi.Waiting;

namespace McpImageGen.McpApi.Application;

/// <summary>What an owner can do with jobs: find, list, wait, cancel, delete, and read their images. Jobs of other owners do not exist for it.</summary>
internal sealed partial class JobService(
    JobQueries queries, JobCompletionWaiter waiter, JobCancellation cancellation, JobRemoval removal, IImageStore images, ILogger<JobService> logger)
{
    /// <summary>The job; null if it does not exist.</summary>
    public async Task<GenerationJob?> FindAsync(string owner, Guid id, CancellationToken cancellationToken) =>
        (await queries.FindAsync(owner, [id], cancellationToken)).SingleOrDefault();

    /// <inheritdoc cref="JobQueries.FindAsync"/>
    public Task<IReadOnlyList<GenerationJob>> FindAllAsync(string owner, IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken) =>
        queries.FindAsync(owner, ids, cancellationToken);

    /// <summary>The job.</summary>
    /// <exception cref="RequestFailedException">It does not exist.</exception>
    public async Task<GenerationJob> GetAsync(string owner, Guid id, CancellationToken cancellationToken) =>
        await FindAsync(owner, id, cancellationToken) ?? throw new RequestFailedException(RequestError.UnknownJob(id));

    /// <summary>The jobs in the given order; duplicates are allowed.</summary>
    /// <exception cref="RequestFailedException">One of them does not exist.</exception>
    public async Task<IReadOnlyList<GenerationJob>> GetAllAsync(string owner, IReadOnlyList<Guid> ids, CancellationToken cancellationToken)
    {
        var found = (await queries.FindAsync(owner, ids.ToHashSet(), cancellationToken)).ToDictionary(job => job.Id);
        return ids.All(found.ContainsKey) ? [.. ids.Select(id => found[id])] : throw new RequestFailedException(RequestError.UnknownJobs);
    }

    /// <inheritdoc cref="JobQueries.FindByImagesAsync"/>
    public Task<IReadOnlyList<GenerationJob>> FindByImagesAsync(string owner, IReadOnlyCollection<ImageKey> imageKeys, CancellationToken cancellationToken) =>
        queries.FindByImagesAsync(owner, imageKeys, cancellationToken);

    /// <inheritdoc cref="JobQueries.ListAsync"/>
    public Task<JobPage> ListAsync(string owner, string? status, int limit, int offset, Guid? before, CancellationToken cancellationToken) =>
        queries.ListAsync(owner, status, limit, offset, before, cancellationToken);

    /// <inheritdoc cref="JobQueries.BrowseAsync"/>
    public Task<BrowsedJobs> BrowseAsync(string owner, JobFilter filter, Guid? before, int limit, CancellationToken cancellationToken) =>
        queries.BrowseAsync(owner, filter, before, limit, cancellationToken);

    /// <summary>Waits until all of the jobs are finished, the time limit is reached, or the server stops.</summary>
    /// <param name="owner">The owner of the jobs.</param>
    /// <param name="ids">The job ids; duplicates are allowed.</param>
    /// <param name="limit">The time limit.</param>
    /// <param name="progress">Receives the state of the jobs at the start, at each change, and at least every 5 s.</param>
    /// <param name="cancellationToken">Ends the wait, not the jobs.</param>
    /// <exception cref="RequestFailedException">One of the jobs does not exist.</exception>
    public async Task<AwaitedJobs> WaitAsync(
        string owner, IReadOnlyList<Guid> ids, TimeSpan limit, IProgress<IReadOnlyList<GenerationJob>>? progress, CancellationToken cancellationToken) =>
        await waiter.WaitAsync(owner, ids, limit, cancellationToken, progress) is { } jobs
            ? new AwaitedJobs(jobs, limit, waiter.IsStopping)
            : throw new RequestFailedException(RequestError.UnknownJobs);

    /// <summary>Cancels the jobs that are not finished.</summary>
    /// <returns>The ids of the cancelled jobs, and all of the jobs as they are now, in the given order.</returns>
    /// <exception cref="RequestFailedException">One of the jobs does not exist; none was cancelled.</exception>
    public async Task<(IReadOnlyList<Guid> Cancelled, IReadOnlyList<GenerationJob> Jobs)> CancelAsync(
        string owner, IReadOnlyList<Guid> ids, CancellationToken cancellationToken)
    {
        await GetAllAsync(owner, ids, cancellationToken);
        var cancelled = await cancellation.CancelAsync(owner, ids, cancellationToken);
        var jobs = (await queries.FindAsync(owner, ids, cancellationToken)).ToDictionary(job => job.Id);
        return (cancelled, [.. ids.Where(jobs.ContainsKey).Select(id => jobs[id])]);
    }

    /// <summary>Permanently deletes a finished job, its image and its thumbnails. A failed deletion can be repeated.</summary>
    /// <returns>The deleted job.</returns>
    /// <exception cref="RequestFailedException">The job does not exist or is unfinished, or the image store is not available; nothing was deleted.</exception>
    public async Task<GenerationJob> DeleteAsync(string owner, Guid id, CancellationToken cancellationToken)
    {
        var job = await GetAsync(owner, id, cancellationToken);
        if (!JobStatus.IsFinal(job.Status))
        {
            throw new RequestFailedException(new(
                ErrorCode.JobUnfinished,
                $"The job is {job.Status}, so it was not deleted. Cancel it first with cancel_job, or wait for it with wait_for_completion.")
            {
                JobId = id,
                Status = job.Status,
            });
        }

        try
        {
            await removal.RemoveAsync(job, cancellationToken);
        }
        catch (IOException exception)
        {
            Log.ImageNotDeleted(logger, id, exception.Message);
            throw new RequestFailedException(
                new(ErrorCode.ImageStoreUnavailable, "The image store is not available, so the job was not deleted. Try again in a few seconds.") { JobId = id }, exception);
        }

        Log.Deleted(logger, id);
        return job;
    }

    /// <summary>The image of a job as it is stored; null if the job or its image does not exist.</summary>
    /// <exception cref="RequestFailedException">The image cannot be read, or the image store is not available.</exception>
    public async Task<(byte[] Bytes, string? ContentType)?> ReadImageAsync(string owner, Guid id, CancellationToken cancellationToken)
    {
        if (await FindAsync(owner, id, cancellationToken) is not { ImageKey: { } key } job)
            return null;
        try
        {
            return await images.OpenAsync(key, cancellationToken) is { } image ? (await image.ReadAsync(cancellationToken), job.ContentType) : null;
        }
        catch (ImageUnreadableException exception)
        {
            throw new RequestFailedException(
                new(ErrorCode.ImageUnreadable, "The server cannot read this image. Its operator has to check the image store.") { JobId = id }, exception);
        }
        catch (IOException exception)
        {
            throw new RequestFailedException(
                new(ErrorCode.ImageStoreUnavailable, "The image store is not available. Try again in a few seconds.") { JobId = id }, exception);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Job {JobId} was deleted by its owner")]
        public static partial void Deleted(ILogger logger, Guid jobId);

        [LoggerMessage(LogLevel.Warning, "The image of job {JobId} could not be deleted: {Reason}")]
        public static partial void ImageNotDeleted(ILogger logger, Guid jobId, string reason);
    }
}

/// <summary>The jobs of a wait that has ended.</summary>
/// <param name="Jobs">Their current state, in the requested order. Not all are finished if the time limit was reached or the server is stopping.</param>
/// <param name="Limit">The time limit of the wait.</param>
/// <param name="ServerIsStopping">True if waits end early because the server is stopping.</param>
internal sealed record AwaitedJobs(IReadOnlyList<GenerationJob> Jobs, TimeSpan Limit, bool ServerIsStopping);
