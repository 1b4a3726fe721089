using System.Globalization;
using McpImageGen.Jobs.Database;
using Microsoft.EntityFrameworkCore;

namespace McpImageGen.Jobs.Scheduling;

/// <summary>
/// The queue of an owner's unfinished jobs: first those with a message, then those without one, oldest first. Each owner has only
/// slightly more messages than the workers process concurrently, so one owner's jobs cannot fill the queue ahead of another's.
/// </summary>
/// <param name="Unfinished">All of the owner's unfinished jobs.</param>
/// <param name="Sent">The jobs that have a message or are being processed.</param>
/// <param name="Waiting">The jobs that have no message and are due; jobs whose next attempt is not due yet are not included.</param>
/// <param name="Sendable">How many jobs may have a message.</param>
/// <param name="Now">Unix milliseconds by the database's clock.</param>
internal sealed record OwnerQueue(long Unfinished, long Sent, long Waiting, long Sendable, long Now)
{
    private static readonly string OfOwner = string.Create(CultureInfo.InvariantCulture, $$"""
        SELECT COUNT(*) AS unfinished, COUNT(sent_at) AS sent, {{WorkerRegistry.SendablePerOwner}} AS sendable, now_ms() AS now,
               COUNT(CASE WHEN sent_at IS NULL AND send_after <= (SELECT now_ms()) THEN 1 END) AS waiting
        FROM jobs WHERE owner = {0} AND finished_at IS NULL
        """);

    // Goes from owner to owner in the index and reads only the sent jobs and the first waiting job of each, never all waiting jobs.
    private static readonly string WithRoom = string.Create(CultureInfo.InvariantCulture, $"""
        WITH RECURSIVE owners (owner) AS (
            SELECT MIN(owner) FROM jobs WHERE finished_at IS NULL
            UNION ALL
            SELECT (SELECT MIN(jobs.owner) FROM jobs WHERE finished_at IS NULL AND jobs.owner > owners.owner)
            FROM owners WHERE owner IS NOT NULL)
        SELECT owner FROM owners
        WHERE EXISTS (SELECT 1 FROM jobs
                      WHERE jobs.owner = owners.owner AND finished_at IS NULL AND sent_at IS NULL AND send_after <= now_ms())
          AND (SELECT COUNT(*) FROM jobs
               WHERE jobs.owner = owners.owner AND finished_at IS NULL AND sent_at IS NOT NULL) < {WorkerRegistry.SendablePerOwner}
        """);

    /// <summary>How many more jobs may be sent.</summary>
    public long Room => Math.Max(0, Sendable - Sent);

    /// <summary>Reads the owner's queue. A caller that changes it based on the result must hold the owner's lock.</summary>
    public static async Task<OwnerQueue> ReadAsync(JobsDbContext context, string owner, CancellationToken cancellationToken) =>
        (await context.Database.SqlQueryRaw<OwnerQueue>(OfOwner, owner).ToListAsync(cancellationToken)).Single();

    /// <summary>The owners with waiting jobs that may be sent.</summary>
    public static async Task<IReadOnlyList<string>> OwnersWithRoomAsync(JobsDbContext context, CancellationToken cancellationToken) =>
        await context.Database.SqlQueryRaw<string>(WithRoom).ToListAsync(cancellationToken);
}
