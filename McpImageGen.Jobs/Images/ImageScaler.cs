namespace McpImageGen.Jobs.Images;

/// <summary>
/// Scales stored images. All places that scale use it, so that scaling never takes the threads that serve requests, nor the whole processor,
/// and the callers take turns.
/// </summary>
public sealed class ImageScaler(IImageStore store) : IDisposable
{
    private const int MaxWaitingInLine = 256;
    private const int MaxWaiting = 2_048;

    /// <summary>While some images are scaled, the next ones are read. This limits the memory for them.</summary>
    private const int MaxBeingRead = 4;

    private readonly FairSemaphore _turns = new(MaxConcurrent + MaxBeingRead, MaxWaitingInLine, MaxWaiting);
    private readonly SemaphoreSlim _threads = new(MaxConcurrent);

    /// <summary>The maximum number of images that are scaled at the same time: one processor remains for everything else.</summary>
    public static int MaxConcurrent => Math.Max(1, Environment.ProcessorCount - 1);

    /// <summary>Reads an image from the store and scales it; null if the store does not have it.</summary>
    /// <param name="line">For whom: the callers of one line wait for each other, and the lines take turns.</param>
    /// <param name="image">The key of the image.</param>
    /// <param name="scale">Scales the image; it is called on a thread of its own.</param>
    /// <param name="cancellationToken">Gives up the place in the queue. An image that is being scaled is finished.</param>
    /// <exception cref="InvalidDataException">The image is damaged or too large.</exception>
    /// <exception cref="IOException">The store is unavailable, or it cannot read the image.</exception>
    /// <exception cref="ScalingQueueFullException">Too many images are waiting.</exception>
    public async Task<byte[]?> ScaleAsync(string line, ImageKey image, Func<byte[], byte[]> scale, CancellationToken cancellationToken)
    {
        using var turn = await _turns.NextAsync(line, cancellationToken);
        if (await store.OpenAsync(image, cancellationToken) is not { } stored)
            return null;
        var bytes = await stored.ReadAsync(cancellationToken);
        await _threads.WaitAsync(cancellationToken);
        try
        {
            return await Task.Factory.StartNew(
                () => scale(bytes), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }
        finally
        {
            _threads.Release();
        }
    }

    public void Dispose() => _threads.Dispose();
}

/// <summary>Too many images are waiting to be scaled. The same call may succeed in a few seconds.</summary>
public sealed class ScalingQueueFullException() : Exception("Too many images are waiting to be scaled.");
