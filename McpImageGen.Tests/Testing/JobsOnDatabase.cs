using McpImageGen.Contracts;
using McpImageGen.Contracts.Models;
using McpImageGen.Jobs;
using McpImageGen.Jobs.Claiming;
using McpImageGen.Jobs.Database;
using McpImageGen.Jobs.Images;
using McpImageGen.Jobs.Queries;
using McpImageGen.Jobs.Scheduling;
using McpImageGen.Jobs.Submission;
using McpImageGen.Standalone.Embedded;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace McpImageGen.Tests.Testing;

/// <summary>The jobs on a real database, with a clock that the test moves.</summary>
public abstract class JobsOnDatabase : IAsyncDisposable
{
    public const string Owner = "ann";

    private readonly IHost _host;

    protected JobsOnDatabase(Action<HostApplicationBuilder> addJobs)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddLogging();
        builder.Services.AddSingleton<TimeProvider>(Time);
        addJobs(builder);
        builder.AddInMemoryBus(_ => { });
        builder.Services.ConfigureDbContext<JobsDbContext>(options => options.AddInterceptors(Statements, Plans));
        _host = builder.Build();
    }

    public JumpingClock Time { get; } = new(new DateTimeOffset(2026, 11, 22, 15, 0, 0, TimeSpan.Zero));

    public StatementCount Statements { get; } = new();

    public RecordedPlans Plans { get; } = new();

    public JobClaims Claims => Get<JobClaims>();

    public JobRequeue Requeue => Get<JobRequeue>();

    public JobReclaim Reclaim => Get<JobReclaim>();

    public JobQueries Queries => Get<JobQueries>();

    public WorkerRegistry Workers => Get<WorkerRegistry>();

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Moves the clock of the database and of this process.</summary>
    public virtual Task AdvanceAsync(TimeSpan time)
    {
        Time.Advance(time);
        return Task.CompletedTask;
    }

    /// <summary>Sets the clock of the database and of this process forward or back, while no time passes.</summary>
    public async Task JumpAsync(TimeSpan by)
    {
        Time.Jump(by);
        await AdvanceAsync(TimeSpan.Zero);
    }

    public async Task MigrateAsync()
    {
        await using var context = await ContextAsync();
        await Get<JobsDatabase>().MigrateAsync(context, Cancel);
    }

    /// <summary>Accepts jobs whose messages were sent just now.</summary>
    public async Task<Guid[]> SubmitAsync(int count = 1)
    {
        var now = Time.GetUtcNow();
        List<GenerationJob> jobs = [.. Enumerable.Range(0, count).Select(_ => new GenerationJob
        {
            Id = Guid.CreateVersion7(now),
            Owner = Owner,
            Prompt = "a prompt",
            Model = ImageModel.FluxSchnell,
            CreatedAt = now.ToUnixTimeMilliseconds(),
            UpdatedAt = now.ToUnixTimeMilliseconds(),
            SentAt = now.ToUnixTimeMilliseconds(),
            SendAfter = (now + JobRequeue.ResendAfter).ToUnixTimeMilliseconds(),
        })];
        await using var context = await ContextAsync();
        context.Jobs.AddRange(jobs);
        await context.SaveChangesAsync(Cancel);
        return [.. jobs.Select(job => job.Id)];
    }

    /// <summary>Accepts the jobs of one call. The bus must be started; their messages go nowhere.</summary>
    public async Task<Guid[]> AcceptAsync(string owner, int count, string? idempotencyKey = null, string prompt = "a prompt") =>
        [.. (await AcceptJobsAsync(owner, count, idempotencyKey, prompt)).Select(job => job.Id)];

    /// <inheritdoc cref="AcceptAsync"/>
    public async Task<IReadOnlyList<GenerationJob>> AcceptJobsAsync(string owner, int count, string? idempotencyKey, string prompt = "a prompt")
    {
        var now = Time.GetUtcNow();
        List<GenerationJob> jobs = [.. Enumerable.Range(0, count).Select(_ => Guid.CreateVersion7(now)).Order().Select(id => new GenerationJob
        {
            Id = id,
            Owner = owner,
            Prompt = prompt,
            Model = ImageModel.FluxSchnell,
            CreatedAt = now.ToUnixTimeMilliseconds(),
            UpdatedAt = now.ToUnixTimeMilliseconds(),
        })];
        var call = idempotencyKey is null ? null : new RepeatableCall(owner, idempotencyKey, $"{count} {prompt}");
        return await Get<JobSubmission>().SubmitAsync(jobs, call);
    }

    /// <summary>What the requeue loop does every second, in the seconds that have passed since the last call.</summary>
    public async Task<IReadOnlyList<ReclaimedJob>> ReclaimAsync() => (await Reclaim.ReclaimLostAsync(Cancel)).Reclaimed;

    /// <summary>A worker that has just said that it is alive.</summary>
    public async Task<Guid> NewWorkerAsync(int concurrency = 64)
    {
        var id = Guid.CreateVersion7();
        await Workers.RecordHeartbeatAsync(id, concurrency, "a test", Cancel);
        return id;
    }

    public async Task<ClaimedJob> ClaimAsync(Guid jobId, Guid workerId) =>
        await Claims.ClaimAsync(jobId, workerId, Cancel) ?? throw new InvalidOperationException("The job is not to be had.");

    public Task<bool> CompleteAsync(ClaimedJob job) => CompleteAsync(job, Time.GetUtcNow().ToUnixTimeMilliseconds());

    public Task<bool> CompleteAsync(ClaimedJob job, long generatedAt) => Claims.CompleteAsync(
        job, new FinishedImage(ImageKey.For(job.Claim, "image/jpeg"), 1000, 43.2, generatedAt), Cancel);

    public async Task<GenerationJob> ReadAsync(Guid jobId) => Assert.Single(await Queries.FindAsync(Owner, [jobId], Cancel));

    /// <summary>Takes whatever is to be sent now, as each tick of the requeue does.</summary>
    public async Task<Guid[]> TakeDueAsync()
    {
        List<GenerateImage> commands = [.. await Requeue.TakeLostAsync(Cancel)];
        foreach (var owner in await Requeue.OwnersWithRoomAsync(Cancel))
            commands.AddRange(await Requeue.TakeNextAsync(owner, Cancel));
        return [.. commands.Select(command => command.JobId)];
    }

    public T Get<T>()
        where T : notnull => _host.Services.GetRequiredService<T>();

    public async Task<JobsDbContext> ContextAsync() => await Get<IDbContextFactory<JobsDbContext>>().CreateDbContextAsync(Cancel);

    public virtual ValueTask DisposeAsync()
    {
        _host.Dispose();
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }
}
