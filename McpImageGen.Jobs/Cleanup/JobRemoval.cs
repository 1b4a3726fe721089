using McpImageGen.Jobs.Database;
using McpImageGen.Jobs.Images;
using Microsoft.EntityFrameworkCore;

namespace McpImageGen.Jobs.Cleanup;

/// <summary>Permanently deletes a job at its owner's request.</summary>
public sealed class JobRemoval(WriteExecutor writes, IImageStore images)
{
    /// <summary>Deletes a finished job, its image and its thumbnails. A failed deletion can be repeated.</summary>
    /// <exception cref="IOException">The image store is unavailable; the job still exists.</exception>
    public async Task RemoveAsync(GenerationJob job, CancellationToken cancellationToken)
    {
        // The image first: once the deletion is confirmed, its links must not work any more.
        if (job.ImageKey is { } key)
            await images.DeleteAsync(key, cancellationToken);
        await writes.ExecuteAsync(
            context => context.Jobs
                .Where(row => row.Owner == job.Owner && row.Id == job.Id && row.FinishedAt != null)
                .ExecuteDeleteAsync(cancellationToken),
            cancellationToken);
    }
}
