using McpImageGen.Jobs.Images;

namespace McpImageGen.Jobs.Lifecycle;

/// <summary>
/// Deletes images without a job, with their thumbnails: images stored by claims that did not complete, and leftovers of deleted jobs,
/// including thumbnails without an image. Safe to run in all replicas concurrently.
/// </summary>
public sealed class ImageSweep(JobQueries queries, IImageStore images, TimeProvider time)
{
    /// <summary>Younger images are kept: their claims may still complete. No lease is that long.</summary>
    public static readonly TimeSpan YoungestAge = TimeSpan.FromHours(24);

    private const int Batch = 500;

    /// <summary>Checks every image once and returns the number of deleted images, not counting thumbnails.</summary>
    /// <exception cref="IOException">The image store is unavailable; the remaining images are deleted later.</exception>
    public async Task<int> SweepAsync(CancellationToken cancellationToken)
    {
        var before = time.GetUtcNow() - YoungestAge;
        var old = images.ListAsync(cancellationToken).Where(image => image.StoredAt < before).Select(image => image.Key);
        var removed = 0;
        await foreach (var keys in old.Chunk(Batch).WithCancellation(cancellationToken))
        {
            var named = await queries.NamedAmongAsync(keys.Select(key => key.Image).Distinct(), cancellationToken);
            foreach (var key in keys.Where(key => !named.Contains(key.Image.ToString())))
            {
                await images.DeleteAsync(key, cancellationToken);
                if (key.ThumbnailSide is null)
                    removed++;
            }
        }

        return removed;
    }
}
