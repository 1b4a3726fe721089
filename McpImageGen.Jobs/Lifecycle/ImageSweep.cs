using McpImageGen.Jobs.Images;

namespace McpImageGen.Jobs.Lifecycle;

/// <summary>
/// Removes images that no row names, with their thumbnails: what a claim stored and could not finish, and what was left of jobs that were
/// removed, thumbnails without an image included.
/// Safe in every replica at once.
/// </summary>
public sealed class ImageSweep(JobQueries queries, IImageStore images, TimeProvider time)
{
    /// <summary>Younger images are left alone: their claims may still finish. No lease is that long.</summary>
    public static readonly TimeSpan YoungestAge = TimeSpan.FromHours(24);

    private const int Batch = 500;

    /// <summary>Looks at every image once and returns how many it removed, thumbnails not counted.</summary>
    /// <exception cref="IOException">The image store is away; what is left is removed later.</exception>
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
