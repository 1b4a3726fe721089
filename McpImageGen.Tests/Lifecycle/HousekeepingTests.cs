using McpImageGen.Contracts;
using McpImageGen.Jobs;
using McpImageGen.Jobs.Cleanup;
using McpImageGen.Jobs.Database;
using McpImageGen.Jobs.Images;
using McpImageGen.Jobs.Submission;
using McpImageGen.Tests.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace McpImageGen.Tests.Lifecycle;

public abstract class HousekeepingTests : IAsyncLifetime
{
    private static readonly TimeSpan KeepFor = TimeSpan.FromDays(30);

    private JobsOnDatabase _jobs = null!;
    private IImageStore _store = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => (_jobs, _store) = await CreateAsync();

    public virtual async ValueTask DisposeAsync()
    {
        await _jobs.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected abstract Task<(JobsOnDatabase Jobs, IImageStore Store)> CreateAsync();

    [Fact]
    public async Task Completed_job_past_its_retention_is_removed_with_its_image()
    {
        var old = await CompletedAsync();
        await StoreThumbnailsAsync(old);
        await _jobs.AdvanceAsync(KeepFor);
        var younger = await CompletedAsync();
        await _jobs.AdvanceAsync(TimeSpan.FromMilliseconds(1));

        Assert.Equal(1, await Retention().RemoveOldAsync(Cancel));

        Assert.Equal([younger.Id], await IdsAsync());
        Assert.Equal([KeyOf(younger)], await ListedAsync());
        Assert.Null(await _store.OpenAsync(KeyOf(old), Cancel));
    }

    [Fact]
    public async Task Retention_removes_failed_jobs_but_never_unfinished_jobs()
    {
        var ids = await _jobs.SubmitAsync(3);
        var worker = await _jobs.NewWorkerAsync();
        await _jobs.Claims.FailAsync(await _jobs.ClaimAsync(ids[0], worker), "code", "error", Cancel);
        await _jobs.ClaimAsync(ids[1], worker);

        await _jobs.AdvanceAsync(KeepFor * 100);

        Assert.Equal(1, await Retention().RemoveOldAsync(Cancel));
        Assert.Equal(ids[1..].Order(), (await IdsAsync()).Order());
    }

    [Fact]
    public async Task Jobs_are_kept_forever_by_default()
    {
        var job = await CompletedAsync();
        await _jobs.AdvanceAsync(KeepFor * 1000);

        Assert.Equal(0, await Retention(new JobsOptions()).RemoveOldAsync(Cancel));

        Assert.Equal([job.Id], await IdsAsync());
        Assert.Equal([KeyOf(job)], await ListedAsync());
    }

    [Fact]
    public async Task Concurrent_retention_removes_each_job_once()
    {
        await _jobs.SubmitAsync(1000);
        var longAgo = (_jobs.Time.GetUtcNow() - 2 * KeepFor).ToUnixTimeMilliseconds();
        await using (var context = await _jobs.ContextAsync())
        {
            await context.Jobs.ExecuteUpdateAsync(
                row => row.SetProperty(job => job.Status, JobStatus.Failed).SetProperty(job => job.FinishedAt, longAgo), Cancel);
        }

        var removed = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(() => Retention().RemoveOldAsync(Cancel))));

        Assert.Equal(1000, removed.Sum());
        Assert.Empty(await IdsAsync());
    }

    [Fact]
    public async Task Image_left_by_a_crash_after_removal_of_its_row_is_swept()
    {
        var job = await CompletedAsync();
        await _jobs.AdvanceAsync(KeepFor * 2);
        var crashing = new JobRetention(
            _jobs.Get<WriteExecutor>(), _jobs.Get<JobsDatabase>(), new UnavailableStore(), Options.Create(new JobsOptions { KeepFor = KeepFor }));

        await Assert.ThrowsAsync<IOException>(() => crashing.RemoveOldAsync(Cancel));

        Assert.Empty(await IdsAsync());
        Assert.Equal([KeyOf(job)], await ListedAsync());
        Assert.Equal(1, await (await SweepAsync(ImageSweep.YoungestAge + TimeSpan.FromSeconds(1))).SweepAsync(Cancel));
        Assert.Empty(await ListedAsync());
    }

    [Fact]
    public async Task Image_without_a_job_is_swept_after_24_h()
    {
        var key = await StoredAsync();

        Assert.Equal(0, await (await SweepAsync(ImageSweep.YoungestAge)).SweepAsync(Cancel));
        Assert.Equal([key], await ListedAsync());
        Assert.Equal(1, await (await SweepAsync(ImageSweep.YoungestAge + TimeSpan.FromSeconds(1))).SweepAsync(Cancel));
        Assert.Empty(await ListedAsync());
    }

    [Fact]
    public async Task Image_of_a_job_is_never_swept()
    {
        var job = await CompletedAsync();

        Assert.Equal(0, await (await SweepAsync(TimeSpan.FromDays(3650))).SweepAsync(Cancel));

        Assert.Equal([KeyOf(job)], await ListedAsync());
    }

    [Fact]
    public async Task Thumbnail_is_not_swept_while_its_image_has_a_job()
    {
        var job = await CompletedAsync();
        await StoreThumbnailsAsync(job);

        Assert.Equal(0, await (await SweepAsync(TimeSpan.FromDays(3650))).SweepAsync(Cancel));

        Assert.Equal(KeyOf(job).Thumbnails.Prepend(KeyOf(job)).ToHashSet(), (await ListedAsync()).ToHashSet());
    }

    [Fact]
    public async Task Image_without_a_job_is_swept_with_its_thumbnails_and_counted_once()
    {
        var key = await StoredAsync();
        await StoreThumbnailsAsync(key);

        Assert.Equal(1, await (await SweepAsync(TimeSpan.FromDays(2))).SweepAsync(Cancel));

        Assert.Empty(await ListedAsync());
    }

    [Fact]
    public async Task Thumbnail_without_an_image_is_swept_after_24_h()
    {
        var thumbnail = ImageKey.For(Guid.NewGuid(), "image/png").Thumbnails.First();
        await _store.PutAsync(thumbnail, new byte[10], Cancel);

        await (await SweepAsync(ImageSweep.YoungestAge)).SweepAsync(Cancel);
        Assert.Equal([thumbnail], await ListedAsync());
        Assert.Equal(0, await (await SweepAsync(ImageSweep.YoungestAge + TimeSpan.FromSeconds(1))).SweepAsync(Cancel));
        Assert.Empty(await ListedAsync());
    }

    [Fact]
    public async Task Concurrent_sweeps_keep_images_of_jobs()
    {
        var named = new HashSet<ImageKey>();
        for (var i = 0; i < 20; i++)
            named.Add(KeyOf(await CompletedAsync()));
        await Parallel.ForEachAsync(Enumerable.Range(0, 600), Cancel, async (_, _) => await StoredAsync());
        var sweep = await SweepAsync(TimeSpan.FromDays(2));

        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(() => sweep.SweepAsync(Cancel))));

        Assert.Equal(named, (await ListedAsync()).ToHashSet());
    }

    [Fact]
    public async Task Removal_deletes_a_finished_job_with_its_image_and_keeps_an_unfinished_job()
    {
        var job = await CompletedAsync();
        await StoreThumbnailsAsync(job);
        var unfinished = await _jobs.ReadAsync((await _jobs.SubmitAsync()).Single());
        var removal = new JobRemoval(_jobs.Get<WriteExecutor>(), _store);

        await removal.RemoveAsync(job, Cancel);
        await removal.RemoveAsync(unfinished, Cancel);

        Assert.Equal([unfinished.Id], await IdsAsync());
        Assert.Empty(await ListedAsync());
        await removal.RemoveAsync(job, Cancel);
    }

    [Fact]
    public async Task Job_is_kept_if_its_image_cannot_be_deleted()
    {
        var job = await CompletedAsync();

        await Assert.ThrowsAsync<IOException>(() => new JobRemoval(_jobs.Get<WriteExecutor>(), new UnavailableStore()).RemoveAsync(job, Cancel));

        Assert.Equal([job.Id], await IdsAsync());
    }

    [Fact]
    public async Task Idempotency_keys_are_deleted_after_24_h()
    {
        await NoteKeyAsync("old");
        await _jobs.AdvanceAsync(TimeSpan.FromMilliseconds(1));
        await NoteKeyAsync("younger");
        await _jobs.AdvanceAsync(IdempotencyKeys.KeptFor - TimeSpan.FromMilliseconds(1));

        await Retention().DeleteExpiredKeysAsync(Cancel);

        await using var context = await _jobs.ContextAsync();
        Assert.Equal("younger", (await context.IdempotencyKeys.SingleAsync(Cancel)).Key);
    }

    [Fact]
    public async Task Expired_sign_ins_are_deleted()
    {
        await using (var context = await _jobs.ContextAsync())
        {
            var now = (await context.Database.SqlQuery<long>($"SELECT now_ms()").ToListAsync(Cancel)).Single();
            foreach (var (owner, expiresAt) in ((string, long)[])[("expired", now), ("signed in", now + 60_000)])
                context.SignIns.Add(new SignInRow { Id = Guid.NewGuid(), Owner = owner, ExpiresAt = expiresAt });
            await context.SaveChangesAsync(Cancel);
        }

        await Retention().DeleteExpiredSignInsAsync(Cancel);

        await using var after = await _jobs.ContextAsync();
        Assert.Equal("signed in", (await after.SignIns.SingleAsync(Cancel)).Owner);
    }

    private async Task NoteKeyAsync(string key)
    {
        await using var context = await _jobs.ContextAsync();
        context.IdempotencyKeys.Add(new IdempotencyKeyRow
        {
            Owner = JobsOnDatabase.Owner,
            Key = key,
            JobIds = [Guid.CreateVersion7()],
            CreatedAt = _jobs.Time.GetUtcNow().ToUnixTimeMilliseconds(),
        });
        await context.SaveChangesAsync(Cancel);
    }

    private JobRetention Retention(JobsOptions? options = null) => new(
        _jobs.Get<WriteExecutor>(), _jobs.Get<JobsDatabase>(), _store, Options.Create(options ?? new JobsOptions { KeepFor = KeepFor }));

    /// <summary>A sweep by the store's only database, at a time when the youngest image is so old, by its own store's clock.</summary>
    private async Task<ImageSweep> SweepAsync(TimeSpan age)
    {
        var youngest = await _store.ListAsync(Cancel).Select(image => image.StoredAt).MaxAsync(cancellationToken: Cancel);
        var store = new SweptStore(_jobs, _store);
        store.Settings.SweepShare = 1;
        await store.Ownership.ConfirmAsync(Cancel);
        store.Time.SetUtcNow(youngest + age);
        return store.Sweep;
    }

    /// <summary>A job that is completed now, its image in the store.</summary>
    private async Task<GenerationJob> CompletedAsync()
    {
        var id = (await _jobs.SubmitAsync()).Single();
        await _jobs.CompleteAsync(await _jobs.ClaimAsync(id, await _jobs.NewWorkerAsync()));
        var job = await _jobs.ReadAsync(id);
        await _store.PutAsync(KeyOf(job), new byte[10], Cancel);
        return job;
    }

    /// <summary>An image in the store that is nobody's.</summary>
    private async Task<ImageKey> StoredAsync()
    {
        var key = ImageKey.For(Guid.NewGuid(), "image/png");
        await _store.PutAsync(key, new byte[10], Cancel);
        return key;
    }

    private Task StoreThumbnailsAsync(GenerationJob job) => StoreThumbnailsAsync(KeyOf(job));

    private async Task StoreThumbnailsAsync(ImageKey image)
    {
        foreach (var thumbnail in image.Thumbnails)
            await _store.PutAsync(thumbnail, new byte[10], Cancel);
    }

    private async Task<List<Guid>> IdsAsync()
    {
        await using var context = await _jobs.ContextAsync();
        return await context.Jobs.Select(job => job.Id).ToListAsync(Cancel);
    }

    private async Task<List<ImageKey>> ListedAsync() => await _store.ListAsync(Cancel).Select(image => image.Key).ToListAsync(Cancel);

    private static ImageKey KeyOf(GenerationJob job) => job.ImageKey!;

    private sealed class UnavailableStore : IImageStore
    {
        private static IOException Away => new("The image store is away.");

        public Task PutAsync(ImageKey key, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) => throw Away;

        public Task<StoredImage?> OpenAsync(ImageKey key, CancellationToken cancellationToken) => throw Away;

        public Task DeleteAsync(ImageKey key, CancellationToken cancellationToken) => throw Away;

        public IAsyncEnumerable<ListedImage> ListAsync(CancellationToken cancellationToken) => throw Away;

        public Task CheckAsync(CancellationToken cancellationToken) => throw Away;

        public Task ProbeAsync(CancellationToken cancellationToken) => throw Away;
    }
}
