using McpImageGen.GenerationWorker.WorkersAi;
using McpImageGen.Jobs;
using McpImageGen.Jobs.Claiming;
using McpImageGen.Jobs.Images;

namespace McpImageGen.GenerationWorker.Generation;

/// <summary>Stores the image that a claim generated, under the claim's own key.</summary>
public sealed partial class ImageUploader(IImageStore store, StoreWriteStatus writes, TimeProvider time, ILogger<ImageUploader> logger)
{
    private static readonly TimeSpan MinPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan MaxPause = TimeSpan.FromSeconds(2);

    /// <summary>
    /// True unless the store is known to refuse writes, which only an operator can correct. Checked before an image is paid for; a store that is
    /// unavailable may be back in time.
    /// </summary>
    public async Task<bool> IsPermittedAsync(CancellationToken cancellationToken)
    {
        if (await writes.FindFailureAsync(cancellationToken) is not ImageStoreRefusedException refusal)
            return true;
        Log.Refused(logger, refusal.Message);
        return false;
    }

    /// <summary>Stores the image. It has been paid for, so storing is retried until the claim's lease ends.</summary>
    /// <exception cref="IOException">The store was unavailable until the lease ended.</exception>
    public async Task<ImageKey> UploadAsync(ClaimedJob job, GeneratedImage image, CancellationToken cancellationToken)
    {
        using var activity = JobTraces.Start("store image", job.Id);
        activity?.SetTag("mcpimagegen.image.size", image.Bytes.Length);
        var key = ImageKey.For(job.Claim, image.Format.ContentType);
        for (var pause = MinPause; ; pause = pause * 2 < MaxPause ? pause * 2 : MaxPause)
        {
            try
            {
                await writes.PutAsync(key, image.Bytes, cancellationToken);
                return key;
            }
            catch (IOException exception) when (job.DatabaseTime(time) + (long)pause.TotalMilliseconds < job.LeaseUntil)
            {
                Log.StoreUnavailable(logger, job.Id, pause.TotalSeconds, exception.Message);
            }

            await Task.Delay(pause, time, cancellationToken);
        }
    }

    /// <summary>Deletes an image that was not recorded on its job. If that fails, the image sweep deletes it later.</summary>
    public async Task DiscardAsync(ClaimedJob job, ImageKey key, CancellationToken cancellationToken)
    {
        try
        {
            await store.DeleteAsync(key, cancellationToken);
        }
        catch (IOException exception)
        {
            Log.NotDiscarded(logger, job.Id, exception.Message);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The image of job {JobId} could not be stored; retrying in {Seconds} s: {Reason}")]
        public static partial void StoreUnavailable(ILogger logger, Guid jobId, double seconds, string reason);

        [LoggerMessage(LogLevel.Warning, "The image store refuses writes, so no image is generated; correct its credentials or permissions: {Reason}")]
        public static partial void Refused(ILogger logger, string reason);

        [LoggerMessage(LogLevel.Warning, "The discarded image of job {JobId} could not be deleted: {Reason}")]
        public static partial void NotDiscarded(ILogger logger, Guid jobId, string reason);
    }
}
