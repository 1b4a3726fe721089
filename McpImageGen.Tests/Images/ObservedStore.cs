using McpImageGen.Jobs.Images;

namespace McpImageGen.Tests.Images;

/// <summary>Notes what is opened and which thumbnails are stored, and can make trouble before that.</summary>
public sealed class ObservedStore(IImageStore store) : IImageStore
{
    private readonly Lock _lock = new();
    private readonly List<ImageKey> _opened = [];
    private readonly List<ImageKey> _stored = [];

    /// <summary>The keys of the images and thumbnails that were opened until now.</summary>
    public IReadOnlyList<ImageKey> Opened
    {
        get
        {
            lock (_lock)
                return [.. _opened];
        }
    }

    /// <summary>The keys of the thumbnails that were stored until now.</summary>
    public IReadOnlyList<ImageKey> Stored
    {
        get
        {
            lock (_lock)
                return [.. _stored];
        }
    }

    public Func<Task>? WhenOpening { get; set; }

    public Func<Task>? WhenStoring { get; set; }

    public async Task PutAsync(ImageKey key, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        if (key.ThumbnailSide is not null && WhenStoring is { } trouble)
            await trouble();
        await store.PutAsync(key, bytes, cancellationToken);
        if (key.ThumbnailSide is null)
            return;
        lock (_lock)
            _stored.Add(key);
    }

    public async Task<StoredImage?> OpenAsync(ImageKey key, CancellationToken cancellationToken)
    {
        lock (_lock)
            _opened.Add(key);
        if (WhenOpening is { } trouble)
            await trouble().WaitAsync(cancellationToken);
        return await store.OpenAsync(key, cancellationToken);
    }

    public Task DeleteAsync(ImageKey key, CancellationToken cancellationToken) => store.DeleteAsync(key, cancellationToken);

    public IAsyncEnumerable<ListedImage> ListAsync(CancellationToken cancellationToken) => store.ListAsync(cancellationToken);

    public Task CheckAsync(CancellationToken cancellationToken) => store.CheckAsync(cancellationToken);

    public Task ProbeAsync(CancellationToken cancellationToken) => store.ProbeAsync(cancellationToken);
}
