using McpImageGen.Jobs.Images;
using Microsoft.EntityFrameworkCore;

namespace McpImageGen.Jobs.Lifecycle;

/// <summary>Removes a job for good because its owner wants that.</summary>
public sealed class JobRemoval(JobWrites writes, IImageStore images)
{
    /// <summary>Removes a finished job, its image and its thumbnails. What fails in between can be done again.</summary>
    /// <exception cref="IOException">The image store is away; the job is still there.</exception>
    public async Task RemoveAsync(GenerationJob job, CancellationToken cancellationToken)
    {
        // First the image: who hears that it is done relies on the links being dead.
        if (job.ImageKey is { } name && ImageKey.Parse(name) is { } key)
            await images.DeleteAsync(key, cancellationToken);
        await writes.OnceAsync(
            context => context.Jobs
                .Where(row => row.Owner == job.Owner && row.Id == job.Id && row.FinishedAt != null)
                .ExecuteDeleteAsync(cancellationToken),
            cancellationToken);
    }
}
