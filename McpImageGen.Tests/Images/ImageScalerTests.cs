using McpImageGen.Jobs.Images;
using McpImageGen.Standalone.Embedded;
using McpImageGen.Tests.Testing;

namespace McpImageGen.Tests.Images;

/// <summary>How images are scaled when many callers want that at once.</summary>
public sealed class ImageScalerTests : IDisposable
{
    private const int Queued = 40;

    private readonly TemporaryFolder _folder = new();
    private readonly ObservedStore _store;
    private readonly ImageScaler _scaler;
    private readonly ImageKey _image = ImageKey.For(Guid.NewGuid(), "image/png");

    public ImageScalerTests()
    {
        _store = new ObservedStore(new ImageFiles(_folder.Path));
        _scaler = new ImageScaler(_store);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _scaler.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Scaling_leaves_one_processor_free_and_uses_no_thread_pool_thread()
    {
        await _store.PutAsync(_image, new byte[1], Cancel);
        var (now, max, onPool) = (0, 0, false);

        await Task.WhenAll(Enumerable.Range(0, Queued).Select(_ => _scaler.ScaleAsync("line", _image, Scale, Cancel)));

        Assert.InRange(max, 1, Math.Max(1, Environment.ProcessorCount - 1));
        Assert.False(onPool);

        byte[] Scale(byte[] image)
        {
            max = Math.Max(max, Interlocked.Increment(ref now));
            onPool |= Thread.CurrentThread.IsThreadPoolThread;
            Thread.Yield();
            Interlocked.Decrement(ref now);
            return image;
        }
    }

    [Fact]
    public async Task Short_queue_is_served_within_two_images_of_a_long_queue()
    {
        var another = ImageKey.For(Guid.NewGuid(), "image/png");
        await _store.PutAsync(_image, new byte[1], Cancel);
        await _store.PutAsync(another, new byte[1], Cancel);
        using var gate = new SemaphoreSlim(0);
        var longLine = Enumerable.Range(0, Queued).Select(_ => ScaleAsync("long", _image)).ToList();
        var shortLine = ScaleAsync("short", another);
        var workingAtOnce = ImageScaler.MaxConcurrent + 4; // being scaled, and being read for that

        gate.Release(2);
        var opened = await Until.HoldsAsync(
            () => Task.FromResult(_store.Opened), keys => keys.Count == workingAtOnce + 2, "two more images are being read");

        Assert.Single(opened, another);
        gate.Release(Queued);
        await Task.WhenAll([.. longLine, shortLine]);

        Task<byte[]?> ScaleAsync(string line, ImageKey image) => _scaler.ScaleAsync(
            line, image, bytes =>
            {
                gate.Wait(Cancel);
                return bytes;
            },
            Cancel);
    }

    [Fact]
    public async Task Full_queue_rejects_only_its_own_requests_and_cancelled_requests_free_their_slots()
    {
        await _store.PutAsync(_image, new byte[1], Cancel);
        using var closed = new ManualResetEventSlim();
        using var leaves = new CancellationTokenSource();
        var waiting = new List<Task>();
        while (!waiting.Any(task => task.IsFaulted))
            waiting.Add(WaitAsync("full", leaves.Token));

        await Assert.ThrowsAsync<ScalingQueueFullException>(() => WaitAsync("full", Cancel));
        var another = WaitAsync("another", Cancel);
        await leaves.CancelAsync();
        var again = WaitAsync("full", Cancel);
        closed.Set();

        await another;
        await again;

        Task WaitAsync(string line, CancellationToken cancellationToken) => _scaler.ScaleAsync(
            line, _image, image =>
            {
                closed.Wait(Cancel);
                return image;
            },
            cancellationToken);
    }
}
