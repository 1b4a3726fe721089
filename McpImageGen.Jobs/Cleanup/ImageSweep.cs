using McpImageGen.Jobs.Images;
using McpImageGen.Jobs.Queries;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace McpImageGen.Jobs.Cleanup;

/// <summary>
/// Moves images without a job to the trash, and deletes them from there a week later: images stored by claims that did not complete, and leftovers of
/// deleted jobs. Thumbnails, which can be created again, are deleted immediately. A database that may be the wrong one removes nothing: one that does not
/// own the store (<see cref="StoreOwnership"/>), or one that knows too few of the images. Safe to run in all replicas concurrently.
/// </summary>
public sealed partial class ImageSweep(
    JobQueries queries,
    IImageStore images,
    IImageTrash trash,
    StoreOwnership ownership,
    IOptions<JobsOptions> options,
    TimeProvider time,
    ILogger<ImageSweep> logger)
{
    /// <summary>Younger images are kept: their claims may still complete. No lease is that long.</summary>
    public static readonly TimeSpan YoungestAge = TimeSpan.FromHours(24);

    /// <summary>For at least so many days an image stays in the trash.</summary>
    public const int DaysInTrash = 7;

    /// <summary>So many images are moved to the trash whatever share of all images they are.</summary>
    public const int FewEnough = 10;

    private const int Batch = 500;

    /// <summary>The rest follows in the next round, so that any number of images needs little memory.</summary>
    private const int MaxConcurrent = 10_000;

    private string? _tooMany;

    /// <summary>Why the last round removed no image; null if it was allowed to.</summary>
    public string? Refusal => ownership.Refusal ?? _tooMany;

    /// <summary>Checks every image once and returns the number of images moved to the trash.</summary>
    /// <exception cref="IOException">The image store is unavailable; the remaining images follow later.</exception>
    public async Task<int> SweepAsync(CancellationToken cancellationToken)
    {
        await RestoreAsync(cancellationToken);
        if (await ownership.ConfirmAsync(cancellationToken) is not { } since || options.Value.SweepShare == 0)
            return 0;

        await EmptyTrashAsync(cancellationToken);
        var (unnamed, unnamedCount, namedCount) = await FindUnnamedAsync(since, cancellationToken);
        if (!IsPlausible(unnamedCount, namedCount))
            return 0;

        foreach (var key in unnamed)
        {
            if (key.ThumbnailSide is null)
                await trash.DiscardAsync(key, Today, cancellationToken);
            else
                await images.DeleteAsync(key, cancellationToken);
        }

        return unnamed.Count(key => key.ThumbnailSide is null);
    }

    /// <summary>
    /// Restores images that a row names from the trash to their place, and returns how many. Copies in the trash are deleted only when they are so old that
    /// no replica can still be moving the image there.
    /// </summary>
    /// <exception cref="IOException">The image store is unavailable.</exception>
    public async Task<int> RestoreAsync(CancellationToken cancellationToken)
    {
        var count = 0;
        await foreach (var discarded in trash.ListDiscardedAsync(cancellationToken).Chunk(Batch).WithCancellation(cancellationToken))
        {
            var named = await queries.FindReferencedAsync(discarded.Select(image => image.Key).Distinct(), cancellationToken);
            foreach (var image in discarded.Where(image => named.Contains(image.Key)))
            {
                if (await trash.RestoreAsync(image, cancellationToken))
                    count++;
                if (image.Day < Today.AddDays(-1))
                    await trash.DeleteDiscardedAsync(image, cancellationToken);
            }
        }

        if (count > 0)
            Log.Restored(logger, count);
        return count;
    }

    private DateOnly Today => DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);

    private async Task EmptyTrashAsync(CancellationToken cancellationToken)
    {
        await foreach (var image in trash.ListDiscardedAsync(cancellationToken))
        {
            if (image.Day.AddDays(DaysInTrash) < Today)
                await trash.DeleteDiscardedAsync(image, cancellationToken);
        }
    }

    private async Task<(List<ImageKey> Unnamed, long UnnamedCount, long NamedCount)> FindUnnamedAsync(
        DateTimeOffset since, CancellationToken cancellationToken)
    {
        var before = time.GetUtcNow() - YoungestAge;
        var old = images.ListAsync(cancellationToken)
            .Where(image => image.StoredAt >= since && image.StoredAt < before).Select(image => image.Key);
        var unnamed = new List<ImageKey>();
        var (unnamedCount, namedCount) = (0L, 0L);
        await foreach (var keys in old.Chunk(Batch).WithCancellation(cancellationToken))
        {
            var named = await queries.FindReferencedAsync(keys.Select(key => key.Image).Distinct(), cancellationToken);
            unnamed.AddRange(keys.Where(key => !named.Contains(key.Image)).Take(MaxConcurrent - unnamed.Count));
            var originals = keys.Where(key => key.ThumbnailSide is null).ToList();
            namedCount += originals.Count(key => named.Contains(key));
            unnamedCount += originals.Count(key => !named.Contains(key));
        }

        return (unnamed, unnamedCount, namedCount);
    }

    /// <summary>False when so many images are unnamed that the database is more likely to be wrong than they are.</summary>
    private bool IsPlausible(long unnamedCount, long namedCount)
    {
        var share = options.Value.SweepShare;
        if (unnamedCount <= FewEnough || unnamedCount <= share * (unnamedCount + namedCount))
        {
            _tooMany = null;
            return true;
        }

        if (_tooMany is null)
            Log.TooMany(logger, unnamedCount, unnamedCount + namedCount, share);
        _tooMany = $"{unnamedCount} of {unnamedCount + namedCount} images belong to no job in the database.";
        return false;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Images that no job has stay in the image store: {Unnamed} of {All} images are not in the database, more than the share {Share} that Jobs__SweepShare allows. Check that the database is the right one; see docs/deploy.md, Image store and database")]
        public static partial void TooMany(ILogger logger, long unnamed, long all, double share);

        [LoggerMessage(LogLevel.Information, "Moved {Count} image(s) that a job has from the trash back to their place")]
        public static partial void Restored(ILogger logger, int count);
    }
}
