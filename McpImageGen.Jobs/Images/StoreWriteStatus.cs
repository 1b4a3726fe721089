namespace McpImageGen.Jobs.Images;

/// <summary>
/// Knows whether the image store accepts images: from the last one that was stored, or else from a small object that it writes, at most once a
/// minute while the store accepts it.
/// </summary>
public sealed class StoreWriteStatus(IImageStore store, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan GoodFor = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan BadFor = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _turn = new(1, 1);
    private volatile Outcome? _last;

    /// <summary>Stores an image and takes note of how that went.</summary>
    /// <inheritdoc cref="IImageStore.PutAsync"/>
    public async Task PutAsync(ImageKey key, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        try
        {
            await store.PutAsync(key, bytes, cancellationToken);
            Note(null);
        }
        catch (IOException exception)
        {
            Note(exception);
            throw;
        }
    }

    /// <summary>Why the store does not accept images, or null when it does.</summary>
    public async Task<IOException?> FindFailureAsync(CancellationToken cancellationToken)
    {
        if (IsFresh(_last))
            return _last!.Failure;
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (!IsFresh(_last))
                await ProbeAsync(cancellationToken);
            return _last!.Failure;
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private async Task ProbeAsync(CancellationToken cancellationToken)
    {
        try
        {
            await store.ProbeAsync(cancellationToken);
            Note(null);
        }
        catch (IOException exception)
        {
            Note(exception);
        }
    }

    private bool IsFresh(Outcome? outcome) =>
        outcome is not null && time.GetElapsedTime(outcome.Timestamp) < (outcome.Failure is null ? GoodFor : BadFor);

    private void Note(IOException? failure) => _last = new Outcome(failure, time.GetTimestamp());

    private sealed record Outcome(IOException? Failure, long Timestamp);
}
