using McpImageGen.Contracts;
using McpImageGen.GenerationWorker.WorkersAi;
using McpImageGen.Jobs.Images;

namespace McpImageGen.GenerationWorker.Generation;

/// <summary>Fetches the input images of a job, scaled down to the size that models accept.</summary>
public sealed class InputImages(ImageScaler scaler)
{
    /// <summary>Workers AI requires input images smaller than 512 × 512.</summary>
    private const int MaxSide = 511;

    /// <summary>Four input images and the prompt stay far below Workers AI's request size limit.</summary>
    private const int MaxBytes = 500_000;

    /// <summary>The images as JPEG, in the order of the command; empty if the command has none.</summary>
    /// <exception cref="WorkersAiException">An image was deleted or is damaged, or the store is unavailable.</exception>
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
            // One queue per job: the images of a job are scaled one after another, and the jobs take turns.
            var scaled = ImageKey.Parse(name) is { } key
                ? await scaler.ScaleAsync(job.ToString(), key, image => ScaledImage.Fit(image, MaxSide, MaxBytes), cancellationToken)
                : null;
            return scaled ?? throw Unusable("was deleted");
        }
        catch (InvalidDataException exception)
        {
            throw Unusable("is damaged", exception);
        }
        catch (ImageUnreadableException exception)
        {
            throw Unusable("cannot be read", exception);
        }
        catch (Exception exception) when (exception is IOException or ScalingQueueFullException)
        {
            throw new WorkersAiException(
                new WorkersAiFailure(
                    WorkersAiFailureKind.Transient, ErrorCode.ImageStoreUnavailable,
                    "The input images could not be read."),
                exception);
        }
    }

    private static WorkersAiException Unusable(string why, Exception? exception = null) => new(
        new WorkersAiFailure(
            WorkersAiFailureKind.Permanent, ErrorCode.InputImageUnusable,
            $"An input image of this job {why}. Use another input image; list_generations lists the available images."),
        exception);
}
