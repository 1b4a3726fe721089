using McpImageGen.Contracts;
using McpImageGen.Jobs.Database;
using McpImageGen.Jobs.Images;
using Microsoft.EntityFrameworkCore;

namespace McpImageGen.Jobs.Lifecycle;

/// <summary>Reads jobs. What a client asks for is read by owner, always.</summary>
public sealed class JobQueries(IDbContextFactory<JobsDbContext> contexts)
{
    /// <summary>So many jobs of a list are counted, but not more, so that a long history does not make lists slow.</summary>
    public const int MostCounted = 2_000;

    /// <summary>So many jobs are looked into for what no index knows, their model and their prompt, but not more, so that every page comes soon.</summary>
    public const int MostSearched = 100_000;

    private const int SearchedAtOnce = 5_000;

    /// <summary>Those of the jobs that exist and are the owner's, in no order.</summary>
    public async Task<IReadOnlyList<GenerationJob>> FindAsync(
        string owner, IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.Jobs.AsNoTracking()
            .Where(job => job.Owner == owner && ids.Contains(job.Id))
            .ToListAsync(cancellationToken);
    }

    /// <summary>Those of the owner's jobs that made one of the images, in no order.</summary>
    public async Task<IReadOnlyList<GenerationJob>> OfImagesAsync(
        string owner, IReadOnlyCollection<string> imageKeys, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.Jobs.AsNoTracking()
            .Where(job => job.Owner == owner && job.ImageKey != null && imageKeys.Contains(job.ImageKey))
            .ToListAsync(cancellationToken);
    }

    /// <summary>One page of the owner's jobs, newest first.</summary>
    /// <param name="owner">Whose jobs.</param>
    /// <param name="status">Only those in this status; null for all.</param>
    /// <param name="limit">At most so many.</param>
    /// <param name="offset">After so many newer ones.</param>
    /// <param name="before">Only those older than this one, however many newer ones are added meanwhile; null to begin with the newest.</param>
    public async Task<JobPage> ListAsync(
        string owner, string? status, int limit, int offset, Guid? before, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var jobs = context.Jobs.AsNoTracking().Where(job => job.Owner == owner);
        if (status is not null)
            jobs = jobs.Where(job => job.Status == status);
        // For a cursor the ids alone are read first: see BrowseAsync.
        var some = Before(jobs, before).OrderByDescending(job => job.Id).Skip(offset).Take(limit + 1);
        var ids = some.Select(job => job.Id);
        var found = before is null
            ? await some.ToListAsync(cancellationToken)
            : await context.Jobs.AsNoTracking().Where(job => ids.Contains(job.Id)).OrderByDescending(job => job.Id).ToListAsync(cancellationToken);
        var page = found[..Math.Min(found.Count, limit)];
        var seen = (long)offset + found.Count;

        // The last page, the only one for instance, tells the total by itself.
        if (before is null && found.Count <= limit && (found.Count > 0 || offset == 0))
            return new JobPage(page, seen, TotalIsEstimate: false, HasMore: false);
        var counted = await jobs.Select(job => job.Id).Take(MostCounted + 1).CountAsync(cancellationToken);
        return new JobPage(page, Math.Max(counted, found.Count > 0 ? seen : 0), counted > MostCounted, HasMore: found.Count > limit);
    }

    /// <summary>Some of the owner's jobs, newest first. Going on from the last one costs the same however many came before.</summary>
    /// <param name="owner">Whose jobs.</param>
    /// <param name="filter">Which of them.</param>
    /// <param name="before">Only those older than this one; null to begin with the newest.</param>
    /// <param name="limit">At most so many.</param>
    public async Task<FoundJobs> BrowseAsync(string owner, JobFilter filter, Guid? before, int limit, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var jobs = context.Jobs.AsNoTracking().Where(job => job.Owner == owner);
        if (filter.Status is not null)
            jobs = jobs.Where(job => job.Status == filter.Status);
        if (filter.LooksIntoJobs)
            return await LookIntoAsync(jobs, filter, before, limit, cancellationToken);

        // The ids alone are in the owner's index. For whole rows Postgres takes that of all ids, and reads everybody's newer jobs to find old ones.
        var page = Before(jobs, before).OrderByDescending(job => job.Id).Take(limit + 1).Select(job => job.Id);
        var found = await context.Jobs.AsNoTracking()
            .Where(job => page.Contains(job.Id))
            .OrderByDescending(job => job.Id)
            .ToListAsync(cancellationToken);
        return found.Count > limit ? new FoundJobs(found[..limit], found[limit - 1].Id) : new FoundJobs(found, GoOnBefore: null);
    }

    /// <summary>The names of those of the images that a row names, of whatever owner.</summary>
    public async Task<IReadOnlySet<string>> NamedAmongAsync(IEnumerable<ImageKey> images, CancellationToken cancellationToken)
    {
        var names = images.Select(image => image.ToString()).ToArray();
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.Jobs
            .Where(job => job.ImageKey != null && names.Contains(job.ImageKey))
            .Select(job => job.ImageKey!)
            .ToHashSetAsync(cancellationToken);
    }

    /// <summary>
    /// How many jobs are pending and how many processing, by model, nought included, whoever they belong to. Their indexes hold
    /// unfinished jobs only, so the cost does not grow with history.
    /// </summary>
    public IReadOnlyList<UnfinishedCount> CountUnfinished()
    {
        using var context = contexts.CreateDbContext();
        // One statement: between two, a job that is claimed would be counted in both.
        var counts = context.Jobs.Where(job => job.Status == JobStatus.Pending).Select(job => new { job.Status, job.Model })
            .Concat(context.Jobs.Where(job => job.Status == JobStatus.Processing).Select(job => new { job.Status, job.Model }))
            .GroupBy(job => new { job.Status, job.Model })
            .Select(some => new { some.Key.Status, some.Key.Model, Count = some.LongCount() })
            .ToDictionary(some => (some.Status, some.Model), some => some.Count);
        return
        [
            .. from model in ImageModel.All
               from status in new[] { JobStatus.Pending, JobStatus.Processing }
               select new UnfinishedCount(status, model.Name, counts.GetValueOrDefault((status, model.Name))),
        ];
    }

    /// <summary>Those of the jobs that exist, of whatever owner: for waiters, whose right to them was checked before.</summary>
    public async Task<IReadOnlyList<GenerationJob>> AmongAsync(IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.Jobs.AsNoTracking()
            .Where(job => ids.Contains(job.Id))
            .ToListAsync(cancellationToken);
    }

    /// <summary>Looks into some jobs after others. Nobody knows before how many are like that, so reading all at once can be slow, or in vain.</summary>
    private static async Task<FoundJobs> LookIntoAsync(
        IQueryable<GenerationJob> jobs, JobFilter filter, Guid? before, int limit, CancellationToken cancellationToken)
    {
        var found = new List<GenerationJob>();
        for (var lookedInto = 0; lookedInto < MostSearched; lookedInto += SearchedAtOnce)
        {
            var older = Before(jobs, before).OrderByDescending(job => job.Id);
            var last = await older.Skip(SearchedAtOnce - 1).Select(job => (Guid?)job.Id).FirstOrDefaultAsync(cancellationToken);
            var some = last is null ? older : older.Where(job => job.Id >= last);
            found.AddRange(await LikeThat(some, filter).Take(limit + 1 - found.Count).ToListAsync(cancellationToken));
            if (found.Count > limit)
                return new FoundJobs(found[..limit], found[limit - 1].Id);
            if (last is null)
                return new FoundJobs(found, GoOnBefore: null);
            before = last;
        }

        return new FoundJobs(found, before);
    }

    private static IQueryable<GenerationJob> Before(IQueryable<GenerationJob> jobs, Guid? before) =>
        before is { } last ? jobs.Where(job => job.Id < last) : jobs;

    private static IQueryable<GenerationJob> LikeThat(IQueryable<GenerationJob> jobs, JobFilter filter)
    {
        if (filter.Model is not null)
            jobs = jobs.Where(job => job.Model == filter.Model);
        return filter.Search is { } text
            ? jobs.Where(job => JobsDbContext.SearchForm(job.Prompt).Contains(JobsDbContext.SearchForm(text)))
            : jobs;
    }
}
