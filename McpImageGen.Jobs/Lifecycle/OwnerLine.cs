using System.Globalization;
using McpImageGen.Jobs.Database;
using Microsoft.EntityFrameworkCore;

namespace McpImageGen.Jobs.Lifecycle;

/// <summary>
/// The line in which an owner's unfinished jobs stand: first those that have a message, then those that wait for one, the oldest first.
/// Only few more than the workers do at once have a message, so no owner's jobs fill the queue before another's.
/// </summary>
/// <param name="Unfinished">All of the owner's unfinished jobs.</param>
/// <param name="Sent">Those of them that have a message or are under way.</param>
/// <param name="Waiting">Those that have none and could have one now: not those whose next attempt is not due yet.</param>
/// <param name="Sendable">How many may be sent.</param>
/// <param name="Now">Unix milliseconds by the database's clock.</param>
internal sealed record OwnerLine(long Unfinished, long Sent, long Waiting, long Sendable, long Now)
{
    private static readonly string OfOwner = string.Create(CultureInfo.InvariantCulture, $$"""
        SELECT COUNT(*) AS unfinished, COUNT(sent_at) AS sent, {{WorkersAlive.SendablePerOwner}} AS sendable, now_ms() AS now,
               COUNT(CASE WHEN sent_at IS NULL AND send_after <= (SELECT now_ms()) THEN 1 END) AS waiting
        FROM jobs WHERE owner = {0} AND finished_at IS NULL
        """);

    // Goes from owner to owner in the index, and reads of each what is sent and the first that waits: never all that wait.
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
               WHERE jobs.owner = owners.owner AND finished_at IS NULL AND sent_at IS NOT NULL) < {WorkersAlive.SendablePerOwner}
        """);

    /// <summary>How many more may be sent.</summary>
    public long Room => Math.Max(0, Sendable - Sent);

    /// <summary>The owner's line. Whoever changes it by what it says has the owner's lock.</summary>
    public static async Task<OwnerLine> ReadAsync(JobsDbContext context, string owner, CancellationToken cancellationToken) =>
        (await context.Database.SqlQueryRaw<OwnerLine>(OfOwner, owner).ToListAsync(cancellationToken)).Single();

    /// <summary>The owners that have jobs which wait and room for them.</summary>
    public static async Task<IReadOnlyList<string>> OwnersWithRoomAsync(JobsDbContext context, CancellationToken cancellationToken) =>
        await context.Database.SqlQueryRaw<string>(WithRoom).ToListAsync(cancellationToken);
}
