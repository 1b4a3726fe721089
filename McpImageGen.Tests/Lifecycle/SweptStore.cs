using McpImageGen.Jobs;
using McpImageGen.Jobs.Cleanup;
using McpImageGen.Jobs.Database;
using McpImageGen.Jobs.Images;
using McpImageGen.Tests.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace McpImageGen.Tests.Lifecycle;

/// <summary>An image store and a database as one API process uses both, with a clock that the test sets. Images are stored at the store's own time, which is now.</summary>
internal sealed class SweptStore
{
    public SweptStore(JobsOnDatabase jobs, IImageStore store, ILoggerFactory? logs = null, FakeTimeProvider? time = null)
    {
        Time = time ?? new FakeTimeProvider(DateTimeOffset.UtcNow.AddYears(-1));
        logs ??= NullLoggerFactory.Instance;
        Ownership = new StoreOwnership(
            jobs.Get<IDbContextFactory<JobsDbContext>>(), jobs.Get<WriteExecutor>(), store, (IStoreMarkers)store, Time, logs.CreateLogger<StoreOwnership>());
        Sweep = new ImageSweep(
            jobs.Queries, store, (IImageTrash)store, Ownership, Options.Create(Settings), Time, logs.CreateLogger<ImageSweep>());
    }

    /// <summary>At first long before the images are stored.</summary>
    public FakeTimeProvider Time { get; }

    public JobsOptions Settings { get; } = new();

    public StoreOwnership Ownership { get; }

    public ImageSweep Sweep { get; }

    /// <summary>Sweeps so long after now.</summary>
    public async Task<int> SweepAfterAsync(TimeSpan age)
    {
        Time.SetUtcNow(DateTimeOffset.UtcNow + age);
        return await Sweep.SweepAsync(TestContext.Current.CancellationToken);
    }
}
