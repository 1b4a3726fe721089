using McpImageGen.Jobs.Database;
using McpImageGen.Jobs.Images;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace McpImageGen.Jobs.Cleanup;

/// <summary>
/// Knows whether the image store belongs to this database alone. Each database writes a marker with its id into the store, with a stamp that changes
/// at every confirmation and that the database keeps as well. So a marker of another id tells of another database, and a stamp that this
/// database does not know tells that it is an older version, or a copy, of the database that used the store last. Safe in every replica at once.
/// </summary>
public sealed partial class StoreOwnership(
    IDbContextFactory<JobsDbContext> contexts,
    WriteExecutor writes,
    IImageStore images,
    IStoreMarkers markers,
    TimeProvider time,
    ILogger<StoreOwnership> logger)
{
    /// <summary>The store's clock and this one may differ by so much.</summary>
    public static readonly TimeSpan ClockDifference = TimeSpan.FromHours(1);

    private const int StampsKept = 32;
    private const string CopySuffix = "-copy";

    /// <summary>Why nothing may be removed from the store, as found last; null when the store is this database's.</summary>
    public string? Refusal { get; private set; }

    /// <summary>Looks at the markers and writes this database's own.</summary>
    /// <returns>Only images that were stored later may be removed; null: none at all.</returns>
    /// <exception cref="IOException">The image store is unavailable.</exception>
    public async Task<DateTimeOffset?> ConfirmAsync(CancellationToken cancellationToken)
    {
        // The markers first: a stamp is kept in the database before it is written into a marker.
        var found = await markers.ReadMarkersAsync(cancellationToken);
        var identity = await IdentityAsync(cancellationToken);
        var stamps = identity.Stamps.Split(' ');
        DateTimeOffset? since = null;
        var isCopy = false;
        if (!found.TryGetValue(identity.Id, out var text))
        {
            since = time.GetUtcNow() + ClockDifference;
            await WriteAsync(identity.Id, since.Value, stamps[0], cancellationToken);
            if (await images.ListAsync(cancellationToken).AnyAsync(cancellationToken))
                Log.TakesOver(logger, identity.Id);
        }
        else if (StoreMarker.Parse(text) is { } marker && stamps.Contains(marker.Stamp))
        {
            since = marker.Since;
            var stamp = marker.Stamp == stamps[0] ? await NextStampAsync(identity, cancellationToken) : stamps[0];
            if (stamp is not null)
                await WriteAsync(identity.Id, since.Value, stamp, cancellationToken);
        }
        else
        {
            // The other copy of the database must notice as well.
            isCopy = true;
            if (!found.ContainsKey(identity.Id + CopySuffix))
                await WriteAsync(identity.Id + CopySuffix, time.GetUtcNow(), stamps[0], cancellationToken);
        }

        Note(WhyNot(identity.Id, [.. found.Keys.Where(name => name != identity.Id).Order()], isCopy));
        return Refusal is null ? since : null;
    }

    private static string? WhyNot(string id, IReadOnlyList<string> others, bool isCopy) =>
        isCopy || others.Contains(id + CopySuffix)
            ? "The image store was used by another version of this database: a backup was restored, or a copy of the database is in use."
        : others.Count > 0 ? $"The image store is also marked as used by another database ({string.Join(", ", others.Take(3))}); this one is {id}."
        : null;

    private void Note(string? refusal)
    {
        if (refusal is not null && refusal != Refusal)
            Log.Refused(logger, refusal, IStoreMarkers.Folder);
        else if (refusal is null && Refusal is not null)
            Log.Resolved(logger);
        Refusal = refusal;
    }

    private async Task<DatabaseIdentityRow> IdentityAsync(CancellationToken cancellationToken)
    {
        if (await ReadAsync() is { } known)
            return known;
        var (id, stamp) = (NewName(), NewName());
        await writes.ExecuteAsync(
            context => context.Database.ExecuteSqlAsync(
                $"INSERT INTO database_identity (key, id, stamps) VALUES ({DatabaseIdentityRow.OnlyKey}, {id}, {stamp}) ON CONFLICT DO NOTHING",
                cancellationToken),
            cancellationToken);
        return await ReadAsync() ?? throw new InvalidOperationException("The database's identity was removed while it was made.");

        async Task<DatabaseIdentityRow?> ReadAsync()
        {
            await using var context = await contexts.CreateDbContextAsync(cancellationToken);
            return await context.Identities.AsNoTracking().SingleOrDefaultAsync(cancellationToken);
        }
    }

    /// <summary>A new stamp that the database knows; null when another replica made one at the same time, and writes it.</summary>
    private async Task<string?> NextStampAsync(DatabaseIdentityRow identity, CancellationToken cancellationToken)
    {
        var stamp = NewName();
        var stamps = string.Join(' ', identity.Stamps.Split(' ').Prepend(stamp).Take(StampsKept));
        var changed = await writes.ExecuteAsync(
            context => context.Identities
                .Where(row => row.Stamps == identity.Stamps)
                .ExecuteUpdateAsync(row => row.SetProperty(one => one.Stamps, stamps), cancellationToken),
            cancellationToken);
        return changed > 0 ? stamp : null;
    }

    private Task WriteAsync(string name, DateTimeOffset since, string stamp, CancellationToken cancellationToken) =>
        markers.WriteMarkerAsync(name, new StoreMarker(since, stamp).ToString(), cancellationToken);

    private static string NewName() => Guid.NewGuid().ToString("n");

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "The image store is now marked as used by this database ({Id}), and holds images from before: those are never removed as unused")]
        public static partial void TakesOver(ILogger logger, string id);

        [LoggerMessage(LogLevel.Warning, "Images that no job has stay in the image store: {Reason} When this is the only database that uses the store, delete everything in {Folder}/ of the store; see docs/deploy.md, Image store and database")]
        public static partial void Refused(ILogger logger, string reason, string folder);

        [LoggerMessage(LogLevel.Information, "The image store belongs to this database alone again")]
        public static partial void Resolved(ILogger logger);
    }
}
