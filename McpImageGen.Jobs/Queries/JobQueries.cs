using McpImageGen.Contracts;
using McpImageGen.Contracts.Models;
using McpImageGen.Jobs.Database;
using McpImageGen.Jobs.Images;
using Microsoft.EntityFrameworkCore;

namespace McpImageGen.Jobs.Queries;

/// <summary>Reads jobs. Queries on behalf of a client are always restricted to the owner.</summary>
public sealed class JobQueries(IDbContextFactory<JobsDbContext> contexts)
{
    /// <summary>At most this many jobs of a list are counted, so that a long history does not make lists slow.</summary>
    public const int MaxCounted = 2_000;

    /// <summary>
    /// At most this many jobs are examined per page for filters without an index (model and prompt), so that every page is fast.
    /// </summary>
    public const int MaxSearched = 100_000;

    private const int ScanBatch = 5_000;

    /// <summary>The given jobs that exist and belong to the owner, in no particular order.</summary>
    public async Task<IReadOnlyList<GenerationJob>> FindAsync(
        string owner, IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.Jobs.AsNoTracking()
            .Where(job => job.Owner == owner && ids.Contains(job.Id))
            .ToListAsync(cancellationToken);
    }

    /// <summary>The owner's jobs that generated one of the images, in no particular order.</summary>
    public async Task<IReadOnlyList<GenerationJob>> FindByImagesAsync(
        string owner, IReadOnlyCollection<ImageKey> imageKeys, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.Jobs.AsNoTracking()
            .Where(job => job.Owner == owner && job.ImageKey != null && imageKeys.Contains(job.ImageKey))
            .ToListAsync(cancellationToken);
    }

    /// <summary>One page of the owner's jobs, newest first.</summary>
    /// <param name="owner">The owner of the jobs.</param>
    /// <param name="status">Only jobs with this status; null for all.</param>
    /// <param name="limit">The maximum number of jobs.</param>
    /// <param name="offset">The number of newer jobs to skip.</param>
    /// <param name="before">Only jobs older than this one, regardless of newer jobs added since; null to start with the newest.</param>
    public async Task<JobPage> ListAsync(
        string owner, string? status, int limit, int offset, Guid? before, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var jobs = context.Jobs.AsNoTracking().Where(job => job.Owner == owner);
        if (status is not null)
            jobs = jobs.Where(job => job.Status == status);
        // For a cursor the ids alone are read first: see BrowseAsync.
        var newest = Before(jobs, before).OrderByDescending(job => job.Id).Skip(offset).Take(limit + 1);
        var ids = newest.Select(job => job.Id);
        var found = before is null
            ? await newest.ToListAsync(cancellationToken)
            : await context.Jobs.AsNoTracking().Where(job => ids.Contains(job.Id)).OrderByDescending(job => job.Id).ToListAsync(cancellationToken);
        var page = found[..Math.Min(found.Count, limit)];
        var seen = (long)offset + found.Count;

        // On the last page, the total follows from the page itself.
        if (before is null && found.Count <= limit && (found.Count > 0 || offset == 0))
            return new JobPage(page, seen, TotalIsEstimate: false, HasMore: false);
        var counted = await jobs.Select(job => job.Id).Take(MaxCounted + 1).CountAsync(cancellationToken);
        return new JobPage(page, Math.Max(counted, found.Count > 0 ? seen : 0), counted > MaxCounted, HasMore: found.Count > limit);
    }

    /// <summary>A page of the owner's jobs, newest first. The cost of a page does not depend on how many pages came before.</summary>
    /// <param name="owner">The owner of the jobs.</param>
    /// <param name="filter">Selects the jobs.</param>
    /// <param name="before">Only jobs older than this one; null to start with the newest.</param>
    /// <param name="limit">The maximum number of jobs.</param>
    public async Task<BrowsedJobs> BrowseAsync(string owner, JobFilter filter, Guid? before, int limit, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var jobs = context.Jobs.AsNoTracking().Where(job => job.Owner == owner);
        if (filter.Status is not null)
            jobs = jobs.Where(job => job.Status == filter.Status);
        if (filter.NeedsScan)
            return await ScanAsync(jobs, filter, before, limit, cancellationToken);

        // Select only ids, from the owner's index. For whole rows Postgres uses the primary key and reads all owners' newer jobs to find old ones.
        var page = Before(jobs, before).OrderByDescending(job => job.Id).Take(limit + 1).Select(job => job.Id);
        var found = await context.Jobs.AsNoTracking()
            .Where(job => page.Contains(job.Id))
            .OrderByDescending(job => job.Id)
            .ToListAsync(cancellationToken);
        return found.Count > limit ? new BrowsedJobs(found[..limit], found[limit - 1].Id) : new BrowsedJobs(found, NextBefore: null);
    }

    /// <summary>Those of the given images that a job of any owner refers to.</summary>
    public async Task<IReadOnlySet<ImageKey>> FindReferencedAsync(IEnumerable<ImageKey> images, CancellationToken cancellationToken)
    {
        var keys = images.ToArray();
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.Jobs
            .Where(job => job.ImageKey != null && keys.Contains(job.ImageKey))
            .Select(job => job.ImageKey!)
            .ToHashSetAsync(cancellationToken);
    }

    /// <summary>
    /// How many jobs of all owners are pending and processing, by model, including zeros. The indexes contain unfinished jobs only,
    /// so the cost does not grow with history.
    /// </summary>
    public IReadOnlyList<UnfinishedCount> CountUnfinished()
    {
        using var context = contexts.CreateDbContext();
        // A single statement: with two, a job that is claimed in between would be counted twice.
        var counts = context.Jobs.Where(job => job.Status == JobStatus.Pending).Select(job => new { job.Status, job.Model })
            .Concat(context.Jobs.Where(job => job.Status == JobStatus.Processing).Select(job => new { job.Status, job.Model }))
            .GroupBy(job => new { job.Status, job.Model })
            .Select(group => new { group.Key.Status, group.Key.Model, Count = group.LongCount() })
            .ToDictionary(group => (group.Status, group.Model), group => group.Count);
        return
        [
            .. from model in ImageModel.All
               from status in new[] { JobStatus.Pending, JobStatus.Processing }
               select new UnfinishedCount(status, model.Name, counts.GetValueOrDefault((status, model.Name))),
        ];
    }

    /// <summary>The given jobs that exist, of any owner: for waiting calls, whose access was checked before.</summary>
    public async Task<IReadOnlyList<GenerationJob>> FindOfAnyOwnerAsync(IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.Jobs.AsNoTracking()
            .Where(job => ids.Contains(job.Id))
            .ToListAsync(cancellationToken);
    }

    /// <summary>Examines jobs in batches. How many of them match is not known in advance, so one large read could be slow and useless.</summary>
    private static async Task<BrowsedJobs> ScanAsync(
        IQueryable<GenerationJob> jobs, JobFilter filter, Guid? before, int limit, CancellationToken cancellationToken)
    {
        var found = new List<GenerationJob>();
        for (var scanned = 0; scanned < MaxSearched; scanned += ScanBatch)
        {
            var older = Before(jobs, before).OrderByDescending(job => job.Id);
            var last = await older.Skip(ScanBatch - 1).Select(job => (Guid?)job.Id).FirstOrDefaultAsync(cancellationToken);
            var batch = last is null ? older : older.Where(job => job.Id >= last);
            found.AddRange(await Matching(batch, filter).Take(limit + 1 - found.Count).ToListAsync(cancellationToken));
            if (found.Count > limit)
                return new BrowsedJobs(found[..limit], found[limit - 1].Id);
            if (last is null)
                return new BrowsedJobs(found, NextBefore: null);
            before = last;
        }

        return new BrowsedJobs(found, before);
    }

    private static IQueryable<GenerationJob> Before(IQueryable<GenerationJob> jobs, Guid? before) =>
        before is { } last ? jobs.Where(job => job.Id < last) : jobs;

    private static IQueryable<GenerationJob> Matching(IQueryable<GenerationJob> jobs, JobFilter filter)
    {
        if (filter.Model is not null)
            jobs = jobs.Where(job => job.Model == filter.Model);
        return filter.Search is { } text
            ? jobs.Where(job => JobsDbContext.SearchForm(job.Prompt).Contains(JobsDbContext.SearchForm(text)))
            : jobs;
    }
}

/// <summary>A page of a list of jobs.</summary>
/// <param name="Jobs">Newest first.</param>
/// <param name="TotalCount">The number of jobs in the whole list; if it is an estimate, there are at least this many.</param>
/// <param name="TotalIsEstimate">True if there are too many jobs to count them all.</param>
/// <param name="HasMore">True if more jobs follow.</param>
public sealed record JobPage(IReadOnlyList<GenerationJob> Jobs, long TotalCount, bool TotalIsEstimate, bool HasMore);

/// <summary>A page of the jobs that match a filter.</summary>
/// <param name="Jobs">
/// Newest first. There may be fewer than requested although older ones follow, because the number of jobs examined per call is limited.
/// </param>
/// <param name="NextBefore">Where the next page of older jobs starts; null if there are none.</param>
public sealed record BrowsedJobs(IReadOnlyList<GenerationJob> Jobs, Guid? NextBefore);

/// <summary>Selects some of an owner's jobs; null values do not filter.</summary>
/// <param name="Status">Only jobs with this status.</param>
/// <param name="Model">Only jobs of this model, by its public name.</param>
/// <param name="Search">Only jobs whose prompt contains this text, case-insensitive.</param>
public sealed record JobFilter(string? Status = null, string? Model = null, string? Search = null)
{
    /// <summary>True if no index covers the filter, so each job must be examined.</summary>
    public bool NeedsScan => Model is not null || Search is not null;
}

/// <summary>The number of pending or processing jobs of a model.</summary>
public sealed record UnfinishedCount(string Status, string Model, long Count);
