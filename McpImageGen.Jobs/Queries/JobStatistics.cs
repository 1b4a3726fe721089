using McpImageGen.Contracts;
using McpImageGen.Jobs.Database;
using McpImageGen.Jobs.Scheduling;
using Microsoft.EntityFrameworkCore;

namespace McpImageGen.Jobs.Queries;

/// <summary>Public statistics of all owners' jobs. The cost does not grow with history.</summary>
public sealed class JobStatistics(IDbContextFactory<JobsDbContext> contexts)
{
    private const int MaxJobsTimed = 1_000;
    private const long Hour = 60 * 60 * 1000;

    /// <summary>Returns the current figures, by the database's clock.</summary>
    public async Task<JobStatisticsReport> ReadAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var now = await context.NowAsync(cancellationToken);
        var workers = await WorkerRegistry.Alive(context).Select(worker => worker.ImageSource).ToListAsync(cancellationToken);
        var unfinished = await context.Jobs.Where(job => job.FinishedAt == null).Select(job => job.Id)
            .Take(JobStatisticsReport.MaxCounted).CountAsync(cancellationToken);
        var images = await context.Jobs.Where(job => job.ImageKey != null).Select(job => job.ImageKey)
            .Take(JobStatisticsReport.MaxCounted).CountAsync(cancellationToken);
        var recent = await context.Jobs
            .Where(job => job.FinishedAt > now - Hour)
            .OrderByDescending(job => job.FinishedAt)
            .Take(MaxJobsTimed)
            .Where(job => job.Status == JobStatus.Completed && job.GeneratedAt != null && job.ClaimedAt != null)
            .Select(job => new { job.Model, Time = job.GeneratedAt!.Value - job.ClaimedAt!.Value })
            .ToListAsync(cancellationToken);
        var sources = workers.OfType<string>().Distinct().Order(StringComparer.Ordinal).ToList();
        return new JobStatisticsReport(workers.Count, sources, unfinished, images, recent.GroupBy(job => job.Model).ToDictionary(
            model => model.Key,
            model => new GenerationTime(MedianOf([.. model.Select(job => job.Time).Order()]), model.Count())));
    }

    private static TimeSpan MedianOf(IReadOnlyList<long> sorted) => TimeSpan.FromMilliseconds(
        (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2.0);
}

/// <summary>Statistics of the system across all owners.</summary>
/// <param name="Workers">Workers with a heartbeat in the last seconds.</param>
/// <param name="ImageSources">Where the images of these workers come from; usually one.</param>
/// <param name="Unfinished">Jobs that are pending or processing, counted up to <see cref="MaxCounted"/>.</param>
/// <param name="Images">Images that were generated and not deleted, counted up to <see cref="MaxCounted"/>.</param>
/// <param name="Models">How long each model took, for models that generated an image within the last hour.</param>
public sealed record JobStatisticsReport(
    int Workers, IReadOnlyList<string> ImageSources, int Unfinished, int Images, IReadOnlyDictionary<string, GenerationTime> Models)
{
    /// <summary>The upper limit of counts; this value means "this many or more".</summary>
    public const int MaxCounted = 100_000;
}

/// <summary>How long a model took for its newest images of the last hour, from the claim to the provider's response.</summary>
/// <param name="Median">The median time.</param>
/// <param name="Images">The number of images.</param>
public sealed record GenerationTime(TimeSpan Median, int Images);
