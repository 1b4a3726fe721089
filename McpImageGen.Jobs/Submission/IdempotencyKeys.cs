using McpImageGen.Contracts;
using McpImageGen.Jobs.Database;
using Microsoft.EntityFrameworkCore;

namespace McpImageGen.Jobs.Submission;

/// <summary>Remembers for 24 h which call created which jobs, so that a repeated call gets them and creates none.</summary>
internal static class IdempotencyKeys
{
    public static readonly TimeSpan KeptFor = TimeSpan.FromHours(24);

    /// <summary>
    /// The jobs of the first call with this key, in its order; null when there was none in the last 24 h. A job that was deleted since has the status
    /// <see cref="JobStatus.Deleted"/> and nothing but its id.
    /// </summary>
    /// <exception cref="IdempotencyConflictException">The first call had other arguments.</exception>
    public static async Task<IReadOnlyList<GenerationJob>?> FindAsync(JobsDbContext context, RepeatableCall call, long now)
    {
        var known = await context.IdempotencyKeys.AsNoTracking().SingleOrDefaultAsync(row => row.Owner == call.Owner && row.Key == call.Key);
        if (known is null || known.CreatedAt <= now - (long)KeptFor.TotalMilliseconds)
            return null;
        if (known.Fingerprint is { } fingerprint && fingerprint != call.Fingerprint)
            throw new IdempotencyConflictException();
        var rows = await context.Jobs.AsNoTracking().Where(job => job.Owner == call.Owner && known.JobIds.Contains(job.Id)).ToDictionaryAsync(job => job.Id);
        return [.. known.JobIds.Select(id => rows.GetValueOrDefault(id) ?? Deleted(id, call.Owner))];
    }

    /// <summary>Records that the call submitted these jobs, in the transaction that inserts them.</summary>
    public static async Task RecordAsync(JobsDbContext context, IReadOnlyList<GenerationJob> jobs, RepeatableCall call, long now)
    {
        Guid[] ids = [.. jobs.Select(job => job.Id)];
        if (await context.IdempotencyKeys.FindAsync(call.Owner, call.Key) is { } old)
            (old.Fingerprint, old.JobIds, old.CreatedAt) = (call.Fingerprint, ids, now);
        else
            context.IdempotencyKeys.Add(new IdempotencyKeyRow { Owner = call.Owner, Key = call.Key, Fingerprint = call.Fingerprint, JobIds = ids, CreatedAt = now });
    }

    private static GenerationJob Deleted(Guid id, string owner) => new()
    {
        Id = id,
        Owner = owner,
        Prompt = "",
        Model = "",
        Status = JobStatus.Deleted,
        ErrorCode = Contracts.ErrorCode.Deleted,
        Error = "The job and its image were deleted after the first call with this idempotency key. Use another key to generate a new image.",
    };
}

/// <summary>A call that its caller may repeat without starting its jobs twice.</summary>
/// <param name="Owner">The caller.</param>
/// <param name="Key">The caller's idempotency key, 1 to 200 characters.</param>
/// <param name="Fingerprint">A hash of the call's arguments, at most 64 characters: a repeated call has the same.</param>
public sealed record RepeatableCall(string Owner, string Key, string Fingerprint);

/// <summary>The owner used the idempotency key for a different request within 24 h; no job was accepted.</summary>
public sealed class IdempotencyConflictException() : Exception("The idempotency key was already used for a different request.");
