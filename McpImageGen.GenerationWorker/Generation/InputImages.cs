using McpImageGen.Contracts;
using McpImageGen.GenerationWorker.WorkersAi;
using McpImageGen.Jobs.Images;

namespace McpImageGen.GenerationWorker.Generation;

/// <summary>Fetches the images that a job starts from, made as small as models take them.</summary>
public sealed class InputImages(ImageScaler scaler)
{
    /// <summary>Workers AI wants them smaller than 512 × 512.</summary>
    private const int LongestSide = 511;

    /// <summary>Four of them and the prompt are far from the largest request that Workers AI takes.</summary>
    private const int MostBytes = 500_000;

    /// <summary>The images as JPEG, in the order of the command; none where it names none.</summary>
    /// <exception cref="WorkersAiException">One of them is gone or broken, or the store is away.</exception>
    public async Task<IReadOnlyList<byte[]>> ReadAsync(GenerateImage command, CancellationToken cancellationToken)
    {
        var images = new List<byte[]>();
        foreach (var name in command.InputImages ?? [])
            images.Add(await ReadAsync(command.JobId, name, cancellationToken));
        return images;
    }

    private async Task<byte[]> ReadAsync(Guid job, string name, CancellationToken cancellationToken)
    {
        try
        {
            // One line per job: the images of one job wait for each other, and the jobs take turns.
            var scaled = ImageKey.Parse(name) is { } key
                ? await scaler.ScaleAsync(job.ToString(), key, image => ScaledImage.Fit(image, LongestSide, MostBytes), cancellationToken)
                : null;
            return scaled ?? throw Unusable("was removed");
        }
        catch (InvalidDataException exception)
        {
            throw Unusable("is broken", exception);
        }
        catch (ImageUnreadableException exception)
        {
            throw Unusable("cannot be read", exception);
        }
        catch (Exception exception) when (exception is IOException or ScalingQueueFullException)
        {
            throw new WorkersAiException(
                new WorkersAiFailure(
                    WorkersAiFailureKind.Transient, TransientCode.ImageStoreUnavailable,
                    "The images to start from could not be read. The job waits and is tried again; nothing to do."),
                exception);
        }
    }

    private static WorkersAiException Unusable(string why, Exception? exception = null) => new(
        new WorkersAiFailure(
            WorkersAiFailureKind.Permanent, FailureCode.InputImageUnusable,
            $"An image that this job starts from {why}. Start from another one; list_generations shows what there is."),
        exception);
}
