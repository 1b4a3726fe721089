using System.Text.Json;
using McpImageGen.Jobs.Database;
using Microsoft.EntityFrameworkCore;

namespace McpImageGen.Jobs.Lifecycle;

/// <summary>Which call of an owner made which jobs, for 24 h, so that a call which is repeated makes none. Used under the owner's lock.</summary>
internal static class IdempotencyKeys
{
    public static readonly TimeSpan KeptFor = TimeSpan.FromHours(24);

    /// <summary>The jobs that the key has led to and that are still there; none when these are to be made.</summary>
    /// <exception cref="IdempotencyConflictException">They are other jobs than these.</exception>
    public static async Task<IReadOnlyList<GenerationJob>> FindAsync(JobsDbContext context, IReadOnlyList<GenerationJob> jobs, string key, long now)
    {
        var owner = jobs[0].Owner;
        var known = await context.IdempotencyKeys.SingleOrDefaultAsync(row => row.Owner == owner && row.Key == key);
        if (known is null || known.CreatedAt <= now - (long)KeptFor.TotalMilliseconds)
            return [];
        var rows = await context.Jobs.AsNoTracking().Where(job => job.Owner == owner && known.JobIds.Contains(job.Id)).ToListAsync();
        if (rows.Count > 0 && (known.JobIds.Length != jobs.Count || rows.Any(row => Asked(row) != Asked(jobs[Array.IndexOf(known.JobIds, row.Id)]))))
            throw new IdempotencyConflictException();
        return [.. rows.OrderBy(row => Array.IndexOf(known.JobIds, row.Id))];
    }

    /// <summary>Notes that the key leads to these jobs, with the transaction that makes them.</summary>
    public static async Task NoteAsync(JobsDbContext context, IReadOnlyList<GenerationJob> jobs, string key, long now)
    {
        Guid[] ids = [.. jobs.Select(job => job.Id)];
        if (await context.IdempotencyKeys.FindAsync(jobs[0].Owner, key) is { } old)
            (old.JobIds, old.CreatedAt) = (ids, now);
        else
            context.IdempotencyKeys.Add(new IdempotencyKeyRow { Owner = jobs[0].Owner, Key = key, JobIds = ids, CreatedAt = now });
    }

    /// <summary>Everything that was asked for, in a form that can be compared.</summary>
    private static string Asked(GenerationJob job) => JsonSerializer.Serialize(job.ToCommand() with { JobId = Guid.Empty, TraceParent = null });
}
