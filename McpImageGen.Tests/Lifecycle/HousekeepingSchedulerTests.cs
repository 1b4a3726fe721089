using McpImageGen.Jobs.Cleanup;
using McpImageGen.Jobs.Database;
using McpImageGen.Jobs.Images;
using McpImageGen.McpApi.Background;
using McpImageGen.Standalone.Embedded;
using McpImageGen.Tests.Testing;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace McpImageGen.Tests.Lifecycle;

public sealed class HousekeepingSchedulerTests
{
    private static readonly TimeSpan MaxTestTime = TimeSpan.FromSeconds(30);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Housekeeping_scheduler_sweeps_repeatedly()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        limit.CancelAfter(MaxTestTime);
        using var folder = new TemporaryFolder();
        await using var jobs = await JobsOnSqlite.CreateAsync();
        var images = new ImageFiles(folder.Path);
        var store = new SweptStore(jobs, images, time: jobs.Time);
        await store.Ownership.ConfirmAsync(Cancel);
        jobs.Time.Advance(TimeSpan.FromDays(3));
        var lifetime = new ApplicationLifetime(NullLogger<ApplicationLifetime>.Instance);
        using var loop = new HousekeepingScheduler(
            new JobRetention(jobs.Get<WriteExecutor>(), jobs.Get<JobsDatabase>(), images, Options.Create(new Jobs.JobsOptions())),
            store.Ownership,
            store.Sweep,
            lifetime,
            jobs.Time,
            NullLogger<HousekeepingScheduler>.Instance);
        await loop.StartAsync(Cancel);
        lifetime.NotifyStarted();

        foreach (var _ in (int[])[1, 2])
        {
            var key = ImageKey.For(Guid.NewGuid(), "image/png");
            await images.PutAsync(key, new byte[10], Cancel);
            var file = Directory.EnumerateFiles(folder.Path, key.ToString(), SearchOption.AllDirectories).Single();
            File.SetLastWriteTimeUtc(file, (jobs.Time.GetUtcNow() - TimeSpan.FromDays(2)).UtcDateTime);

            while (File.Exists(file))
            {
                limit.Token.ThrowIfCancellationRequested();
                jobs.Time.Advance(HousekeepingScheduler.MaxPause);
                await Task.Yield();
            }
        }

        await loop.StopAsync(Cancel);
    }
}
