using McpImageGen.GenerationWorker.WorkersAi;
using McpImageGen.Jobs;
using McpImageGen.Jobs.Images;
using McpImageGen.Jobs.Lifecycle;

namespace McpImageGen.GenerationWorker.Generation;

/// <summary>Stores what a claim has made, under that claim's own key.</summary>
public sealed partial class ImageKeeping(IImageStore store, StoreWrites writes, TimeProvider time, ILogger<ImageKeeping> logger)
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Whether the store permits images to be written, as far as it can be known before one is paid for. A store that is unavailable may be back
    /// in time; one that refuses needs an operator.
    /// </summary>
    public async Task<bool> IsPermittedAsync(CancellationToken cancellationToken)
    {
        if (await writes.FindFailureAsync(cancellationToken) is not ImageStoreRefusedException refusal)
            return true;
        Log.Refused(logger, refusal.Message);
        return false;
    }

    /// <summary>Stores the image. It is paid for, so a store that is away is asked again for as long as the claim lasts.</summary>
    /// <exception cref="IOException">The store was away until the lease's end.</exception>
    public async Task<ImageKey> KeepAsync(ClaimedJob job, GeneratedImage image, CancellationToken cancellationToken)
    {
        using var activity = JobTraces.Start("store image", job.Id);
        activity?.SetTag("mcpimagegen.image.size", image.Bytes.Length);
        var key = ImageKey.For(job.Claim, image.Format.ContentType);
        for (var pause = ShortestPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                await writes.PutAsync(key, image.Bytes, cancellationToken);
                return key;
            }
            catch (IOException exception) when (time.GetUtcNow().Add(pause).ToUnixTimeMilliseconds() < job.LeaseUntil)
            {
                Log.StoreAway(logger, job.Id, pause.TotalSeconds, exception.Message);
            }

            await Task.Delay(pause, time, cancellationToken);
        }
    }

    /// <summary>Removes an image that did not become its job's. What can't be removed now is one that no row names.</summary>
    public async Task DropAsync(ClaimedJob job, ImageKey key, CancellationToken cancellationToken)
    {
        try
        {
            await store.DeleteAsync(key, cancellationToken);
        }
        catch (IOException exception)
        {
            Log.NotDropped(logger, job.Id, exception.Message);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The image store does not take the image of job {JobId}; trying again in {Seconds} s: {Reason}")]
        public static partial void StoreAway(ILogger logger, Guid jobId, double seconds, string reason);

        [LoggerMessage(LogLevel.Warning, "The image store refuses to store images, so none is generated; correct its credentials or permissions: {Reason}")]
        public static partial void Refused(ILogger logger, string reason);

        [LoggerMessage(LogLevel.Warning, "The image of job {JobId} that nobody wants could not be removed: {Reason}")]
        public static partial void NotDropped(ILogger logger, Guid jobId, string reason);
    }
}
