using McpImageGen.Jobs.Cleanup;
using McpImageGen.Jobs.Database;
using McpImageGen.Jobs.Images;
using McpImageGen.Tests.Testing;
using McpImageGen.Tests.WorkersAi;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace McpImageGen.Tests.Lifecycle;

/// <summary>A wrong, empty, older, copied or damaged database costs no image.</summary>
public abstract class StoreOwnershipTests : IAsyncLifetime
{
    private static readonly TimeSpan TwoDays = TimeSpan.FromDays(2);
    private static readonly TimeSpan TenYears = TimeSpan.FromDays(3650);

    private readonly List<JobsOnDatabase> _databases = [];
    private IImageStore _store = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private IImageTrash Trash => (IImageTrash)_store;

    private IStoreMarkers Markers => (IStoreMarkers)_store;

    public async ValueTask InitializeAsync() => _store = await NewStoreAsync();

    public virtual async ValueTask DisposeAsync()
    {
        foreach (var database in _databases)
            await database.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected abstract Task<IImageStore> NewStoreAsync();

    protected abstract Task<JobsOnDatabase> NewDatabaseAsync();

    /// <summary>Deletes all markers, as an operator does with the store's own tools.</summary>
    protected abstract Task DeleteMarkersAsync();

    [Fact]
    public async Task Sweep_refuses_an_image_store_of_another_database()
    {
        var (right, _) = await OwnerAsync();
        var images = await CompletedAsync(right, 3);
        var (_, wrong) = await OpenAsync();

        Assert.Equal(0, await wrong.SweepAfterAsync(TenYears));

        Assert.Contains("another database", wrong.Sweep.Refusal, StringComparison.Ordinal);
        await AssertAllThereAsync(images);
    }

    [Fact]
    public async Task Sweep_refuses_an_image_store_that_another_database_also_uses()
    {
        var (_, first) = await OwnerAsync();
        var (another, _) = await OwnerAsync();
        var images = await CompletedAsync(another, 3);

        Assert.Equal(0, await first.SweepAfterAsync(TenYears));

        Assert.Contains("another database", first.Sweep.Refusal, StringComparison.Ordinal);
        await AssertAllThereAsync(images);
    }

    [Fact]
    public async Task Sweep_keeps_images_that_are_older_than_the_database()
    {
        var images = new List<ImageKey>();
        for (var i = 0; i < 3; i++)
            images.Add(await StoredAsync());
        var (_, young) = await OpenAsync();

        Assert.Equal(0, await young.SweepAfterAsync(TimeSpan.Zero));
        Assert.Equal(0, await young.SweepAfterAsync(TenYears));

        Assert.Null(young.Sweep.Refusal);
        await AssertAllThereAsync(images);
    }

    [Fact]
    public async Task Sweep_refuses_after_the_database_was_restored_from_a_backup()
    {
        var (database, before) = await OwnerAsync();
        var kept = await CompletedAsync(database, 20);
        var backup = await BackUpAsync(database);
        await before.Ownership.ConfirmAsync(Cancel);
        var lost = await CompletedAsync(database, 3);
        await RestoreAsync(database, backup);
        var restored = new SweptStore(database, _store);

        Assert.Equal(0, await restored.SweepAfterAsync(TenYears));

        Assert.Contains("backup was restored", restored.Sweep.Refusal, StringComparison.Ordinal);
        await AssertAllThereAsync([.. kept, .. lost]);
    }

    [Fact]
    public async Task Sweep_refuses_with_a_database_and_with_its_copy()
    {
        var (database, original) = await OwnerAsync();
        var backup = await BackUpAsync(database);
        var (another, _) = await OpenAsync();
        await RestoreAsync(another, backup);
        var copy = new SweptStore(another, _store);

        await copy.Ownership.ConfirmAsync(Cancel);
        var images = await CompletedAsync(database, 3);
        await original.Ownership.ConfirmAsync(Cancel);

        Assert.Equal(0, await copy.SweepAfterAsync(TenYears));
        Assert.Equal(0, await original.SweepAfterAsync(TenYears));
        Assert.NotNull(copy.Sweep.Refusal);
        Assert.NotNull(original.Sweep.Refusal);
        await AssertAllThereAsync(images);
    }

    [Fact]
    public async Task Refused_sweep_logs_one_warning_with_instructions()
    {
        await OwnerAsync();
        var logs = new KeptLogs();
        using var factory = LoggerFactory.Create(logging => logging.AddProvider(logs));
        var wrong = new SweptStore(await AddDatabaseAsync(), _store, factory);

        await wrong.Ownership.ConfirmAsync(Cancel);
        await wrong.Ownership.ConfirmAsync(Cancel);

        var warning = Assert.Single(logs.Lines, line => line.Level == LogLevel.Warning);
        Assert.Contains("delete everything in databases/", warning.Text, StringComparison.Ordinal);
        Assert.Contains("docs/deploy.md", warning.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deleting_the_markers_assigns_the_image_store_to_the_current_database()
    {
        await OwnerAsync();
        var (database, sweep) = await OwnerAsync();
        var named = await CompletedAsync(database, 3);
        var unnamed = await StoredAsync();
        Assert.Equal(0, await sweep.SweepAfterAsync(TwoDays));
        Assert.NotNull(sweep.Sweep.Refusal);

        await DeleteMarkersAsync();

        var owner = new SweptStore(database, _store);
        await owner.Ownership.ConfirmAsync(Cancel);
        Assert.Null(owner.Sweep.Refusal);
        Assert.Equal(1, await owner.SweepAfterAsync(TwoDays));
        Assert.Equal(named.ToHashSet(), (await ListedAsync()).ToHashSet());
        Assert.Equal([unnamed], await DiscardedAsync());
    }

    [Fact]
    public async Task Sweep_refuses_if_too_many_images_belong_to_no_job()
    {
        var (database, sweep) = await OwnerAsync();
        var images = await CompletedAsync(database, ImageSweep.FewEnough);
        for (var i = 0; i <= ImageSweep.FewEnough; i++)
            images.Add(await StoredAsync());

        Assert.Equal(0, await sweep.SweepAfterAsync(TwoDays));

        Assert.Equal("11 of 21 images belong to no job in the database.", sweep.Sweep.Refusal);
        await AssertAllThereAsync(images);

        sweep.Settings.SweepShare = 0.6;
        Assert.Equal(11, await sweep.SweepAfterAsync(TwoDays));
        Assert.Null(sweep.Sweep.Refusal);
    }

    [Fact]
    public async Task Sweep_moves_a_few_images_to_the_trash_even_if_they_are_all_images()
    {
        var (_, sweep) = await OwnerAsync();
        for (var i = 0; i < ImageSweep.FewEnough; i++)
            await StoredAsync();

        Assert.Equal(ImageSweep.FewEnough, await sweep.SweepAfterAsync(TwoDays));

        Assert.Empty(await ListedAsync());
    }

    [Fact]
    public async Task Sweep_moves_nothing_if_its_share_is_zero()
    {
        var (_, sweep) = await OwnerAsync();
        sweep.Settings.SweepShare = 0;
        var image = await StoredAsync();

        Assert.Equal(0, await sweep.SweepAfterAsync(TenYears));

        await AssertAllThereAsync([image]);
    }

    [Fact]
    public async Task Image_stays_in_the_trash_for_seven_days()
    {
        var (_, sweep) = await OwnerAsync();
        var image = await StoredAsync();
        await sweep.SweepAfterAsync(TwoDays);
        Assert.Empty(await ListedAsync());

        await sweep.SweepAfterAsync(TwoDays + TimeSpan.FromDays(ImageSweep.DaysInTrash));
        Assert.Equal([image], await DiscardedAsync());
        await sweep.SweepAfterAsync(TwoDays + TimeSpan.FromDays(ImageSweep.DaysInTrash + 1));
        Assert.Empty(await DiscardedAsync());
    }

    [Fact]
    public async Task Image_of_a_job_is_restored_from_the_trash_regardless_of_the_markers()
    {
        var (_, sweep) = await OwnerAsync();
        var (right, rightStore) = await OwnerAsync();
        var image = (await CompletedAsync(right, 1)).Single();
        await Trash.DiscardAsync(image, new DateOnly(2020, 7, 20), Cancel);
        Assert.Empty(await ListedAsync());

        Assert.Equal(0, await sweep.Sweep.RestoreAsync(Cancel));
        Assert.Equal(1, await rightStore.Sweep.RestoreAsync(Cancel));

        await AssertAllThereAsync([image]);
        Assert.Empty(await DiscardedAsync());
    }

    [Fact]
    public async Task Concurrent_ownership_confirmations_of_replicas_succeed()
    {
        var (database, _) = await OwnerAsync();
        var replicas = Enumerable.Range(0, 8).Select(_ => new SweptStore(database, _store)).ToList();

        await Task.WhenAll(replicas.Select(replica => Task.Run(async () =>
        {
            for (var i = 0; i < 10; i++)
                Assert.NotNull(await replica.Ownership.ConfirmAsync(Cancel));
        })));
    }

    [Fact]
    public async Task Old_marker_of_the_same_database_written_late_is_recognized()
    {
        var (_, sweep) = await OwnerAsync();
        var late = Assert.Single(await Markers.ReadMarkersAsync(Cancel));
        for (var i = 0; i < 5; i++)
            await sweep.Ownership.ConfirmAsync(Cancel);

        await Markers.WriteMarkerAsync(late.Key, late.Value, Cancel);

        Assert.NotNull(await sweep.Ownership.ConfirmAsync(Cancel));
    }

    [Fact]
    public async Task Sweep_refuses_if_a_marker_is_unreadable()
    {
        var (_, sweep) = await OwnerAsync();
        var image = await StoredAsync();
        await Markers.WriteMarkerAsync(Assert.Single(await Markers.ReadMarkersAsync(Cancel)).Key, "nonsense", Cancel);

        Assert.Equal(0, await sweep.SweepAfterAsync(TwoDays));

        await AssertAllThereAsync([image]);
    }

    private async Task<JobsOnDatabase> AddDatabaseAsync()
    {
        var database = await NewDatabaseAsync();
        _databases.Add(database);
        return database;
    }

    /// <summary>A new database that has not used the store yet.</summary>
    private async Task<(JobsOnDatabase Database, SweptStore Sweep)> OpenAsync()
    {
        var database = await AddDatabaseAsync();
        return (database, new SweptStore(database, _store));
    }

    /// <summary>A database that has used the store for a year.</summary>
    private async Task<(JobsOnDatabase Database, SweptStore Sweep)> OwnerAsync()
    {
        var owner = await OpenAsync();
        await owner.Sweep.Ownership.ConfirmAsync(Cancel);
        return owner;
    }

    private async Task<List<ImageKey>> CompletedAsync(JobsOnDatabase jobs, int count)
    {
        var keys = new List<ImageKey>();
        var worker = await jobs.NewWorkerAsync();
        foreach (var id in await jobs.SubmitAsync(count))
        {
            await jobs.CompleteAsync(await jobs.ClaimAsync(id, worker));
            var key = (await jobs.ReadAsync(id)).ImageKey!;
            await _store.PutAsync(key, new byte[10], Cancel);
            keys.Add(key);
        }

        return keys;
    }

    private async Task<ImageKey> StoredAsync()
    {
        var key = ImageKey.For(Guid.NewGuid(), "image/png");
        await _store.PutAsync(key, new byte[10], Cancel);
        return key;
    }

    private async Task AssertAllThereAsync(IReadOnlyCollection<ImageKey> images)
    {
        Assert.Equal(images.ToHashSet(), (await ListedAsync()).ToHashSet());
        Assert.Empty(await DiscardedAsync());
    }

    private async Task<List<ImageKey>> ListedAsync() => await _store.ListAsync(Cancel).Select(image => image.Key).ToListAsync(Cancel);

    private async Task<List<ImageKey>> DiscardedAsync() => await Trash.ListDiscardedAsync(Cancel).Select(image => image.Key).ToListAsync(Cancel);

    /// <summary>What a backup of the database holds, as far as these tests are about it.</summary>
    private static async Task<(DatabaseIdentityRow Identity, HashSet<Guid> Jobs)> BackUpAsync(JobsOnDatabase database)
    {
        await using var context = await database.ContextAsync();
        return (await context.Identities.AsNoTracking().SingleAsync(Cancel), [.. await context.Jobs.Select(job => job.Id).ToListAsync(Cancel)]);
    }

    private static async Task RestoreAsync(JobsOnDatabase database, (DatabaseIdentityRow Identity, HashSet<Guid> Jobs) backup)
    {
        await using var context = await database.ContextAsync();
        await context.Identities.ExecuteDeleteAsync(Cancel);
        context.Identities.Add(backup.Identity);
        await context.SaveChangesAsync(Cancel);
        await context.Jobs.Where(job => !backup.Jobs.Contains(job.Id)).ExecuteDeleteAsync(Cancel);
    }
}
