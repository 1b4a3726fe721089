using System.Globalization;
using CsCheck;
using McpImageGen.Jobs.Images;
using McpImageGen.McpApi.Images;
using McpImageGen.Tests.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using SkiaSharp;

namespace McpImageGen.Tests.Images;

/// <summary>
/// Random orders of what concurrent callers do, one step at a time. A failure prints the seed; set it as <c>CsCheck_Seed</c> to repeat the order.
/// </summary>
public sealed class WorkCoalescerTests
{
    private const int Orders = 200;
    private const int OrdersWithImages = 40;
    private const int Callers = 8;

    private static readonly byte[] Png = CreatePng();

    [Fact]
    public Task Concurrent_callers_share_one_operation_and_failures_or_cancellations_are_not_cached() => InRandomOrder(Orders, async random =>
    {
        var shared = new WorkCoalescer<int, int>();
        var underWay = new List<CancellationToken>();
        var started = 0;
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => CallAsync()));
        Assert.Empty(underWay);
        Assert.Equal(-1, await shared.WaitAsync(0, _ => Task.FromResult(-1), CancellationToken.None));

        async Task CallAsync()
        {
            for (var call = 0; call < 3; call++)
            {
                await SeededScheduler.PauseAsync(random);
                using var leaves = new CancellationTokenSource();
                var startedBefore = started;
                var wait = shared.WaitAsync(0, WorkAsync, leaves.Token);
                if (random.Next(3) == 0)
                {
                    await SeededScheduler.PauseAsync(random);
                    await leaves.CancelAsync();
                }

                try
                {
                    Assert.InRange(await wait, startedBefore, started);
                }
                catch (OperationCanceledException) when (leaves.IsCancellationRequested)
                {
                }
                catch (IOException failure)
                {
                    Assert.InRange(int.Parse(failure.Message, CultureInfo.InvariantCulture), startedBefore, started);
                }
            }
        }

        async Task<int> WorkAsync(CancellationToken cancellationToken)
        {
            Assert.DoesNotContain(underWay, other => !other.IsCancellationRequested);
            var number = ++started;
            underWay.Add(cancellationToken);
            try
            {
                await SeededScheduler.PauseAsync(random);
                cancellationToken.ThrowIfCancellationRequested();
                return random.Next(4) == 0 ? throw new IOException(number.ToString(CultureInfo.InvariantCulture)) : number;
            }
            finally
            {
                underWay.Remove(cancellationToken);
            }
        }
    });

    [Fact]
    public Task Concurrent_requests_store_a_thumbnail_once() => InRandomOrder(OrdersWithImages, async random =>
    {
        var (store, image) = PausingStore.WithImage(random);
        using var scaler = new ImageScaler(store);
        using var thumbnails = new Thumbnails(store, scaler, NullLogger<Thumbnails>.Instance);

        await Task.WhenAll(Enumerable.Range(0, Callers).Select(async caller =>
        {
            await SeededScheduler.PauseAsync(random);
            var thumbnail = await thumbnails.GetAsync(image.Thumbnails.First(), $"{caller % 2}", CancellationToken.None);
            await thumbnail!.Content.DisposeAsync();
        }));

        Assert.Equal(1, store.Stored);
    });

    [Fact]
    public Task Concurrent_requests_create_a_preview_once() => InRandomOrder(OrdersWithImages, async random =>
    {
        var (store, image) = PausingStore.WithImage(random);
        using var scaler = new ImageScaler(store);
        using var previews = new PreviewCache(scaler);

        await Task.WhenAll(Enumerable.Range(0, Callers).Select(async caller =>
        {
            await SeededScheduler.PauseAsync(random);
            Assert.NotNull(await previews.GetAsync($"{caller % 2}", image, 700_000, CancellationToken.None));
        }));

        Assert.Equal(1, store.Opened);
    });

    [Fact]
    public Task Failure_of_the_image_store_is_not_cached() => InRandomOrder(OrdersWithImages, async random =>
    {
        var (store, image) = PausingStore.WithImage(random);
        using var scaler = new ImageScaler(store);
        using var thumbnails = new Thumbnails(store, scaler, NullLogger<Thumbnails>.Instance);
        store.FailsUntil = random.Next(1, 12);

        await Task.WhenAll(Enumerable.Range(0, Callers).Select(async _ =>
        {
            await SeededScheduler.PauseAsync(random);
            try
            {
                await thumbnails.GetAsync(image.Thumbnails.First(), "", CancellationToken.None);
            }
            catch (IOException)
            {
            }
        }));
        store.FailsUntil = 0;

        Assert.NotNull(await thumbnails.GetAsync(image.Thumbnails.First(), "", CancellationToken.None));
    });

    private static Task InRandomOrder(int orders, Func<Random, Task> test) =>
        Gen.Int.SampleAsync(seed => SeededScheduler.RunAsync(seed, test), iter: orders, threads: 1);

    private static byte[] CreatePng()
    {
        using var image = new SKBitmap(new SKImageInfo(16, 16, SKColorType.Rgba8888, SKAlphaType.Opaque));
        using var file = image.Encode(SKEncodedImageFormat.Png, 100);
        return file.ToArray();
    }

    /// <summary>A store in memory whose operations take a random number of steps.</summary>
    private sealed class PausingStore(Random random) : IImageStore
    {
        private readonly Dictionary<ImageKey, byte[]> _images = [];

        public int Opened { get; private set; }

        public int Stored { get; private set; }

        /// <summary>How many of the first requests to open an image fail.</summary>
        public int FailsUntil { get; set; }

        public static (PausingStore Store, ImageKey Image) WithImage(Random random)
        {
            var store = new PausingStore(random);
            var key = ImageKey.For(Guid.NewGuid(), "image/png");
            store._images[key] = Png;
            return (store, key);
        }

        public async Task PutAsync(ImageKey key, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
        {
            await SeededScheduler.PauseAsync(random);
            _images[key] = bytes.ToArray();
            Stored++;
        }

        public async Task<StoredImage?> OpenAsync(ImageKey key, CancellationToken cancellationToken)
        {
            var fails = ++Opened <= FailsUntil;
            var found = _images.GetValueOrDefault(key);
            await SeededScheduler.PauseAsync(random);
            return fails ? throw new IOException("The store is unavailable.") : found is null ? null : new StoredImage(new MemoryStream(found), StoredAt: null);
        }

        public Task DeleteAsync(ImageKey key, CancellationToken cancellationToken) => throw new NotSupportedException();

        public IAsyncEnumerable<ListedImage> ListAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task CheckAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task ProbeAsync(CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
