using System.Text.Json;
using McpImageGen.Jobs.Database;
using Microsoft.EntityFrameworkCore;

namespace McpImageGen.Jobs.Lifecycle;

/// <summary>Remembers for 24 h which call created which jobs, so that a repeated call creates none. Used under the owner's lock.</summary>
internal static class IdempotencyKeys
{
    public static readonly TimeSpan KeptFor = TimeSpan.FromHours(24);

    /// <summary>The jobs that were created with the key and still exist; empty if the given jobs should be created.</summary>
    /// <exception cref="IdempotencyConflictException">The key was used for different jobs.</exception>
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

    /// <summary>Records the key for these jobs, in the transaction that creates them.</summary>
    public static async Task NoteAsync(JobsDbContext context, IReadOnlyList<GenerationJob> jobs, string key, long now)
    {
        Guid[] ids = [.. jobs.Select(job => job.Id)];
        if (await context.IdempotencyKeys.FindAsync(jobs[0].Owner, key) is { } old)
            (old.JobIds, old.CreatedAt) = (ids, now);
        else
            context.IdempotencyKeys.Add(new IdempotencyKeyRow { Owner = jobs[0].Owner, Key = key, JobIds = ids, CreatedAt = now });
    }

    /// <summary>The complete request in a comparable form.</summary>
    private static string Asked(GenerationJob job) => JsonSerializer.Serialize(job.ToCommand() with { JobId = Guid.Empty, TraceParent = null });
}
