using System.Globalization;
using McpImageGen.Jobs.Database;
using McpImageGen.Jobs.Images;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace McpImageGen.Jobs.Lifecycle;

/// <summary>
/// Removes jobs that finished longer ago than <see cref="JobsOptions.KeepFor"/>, with their images, and idempotency keys after 24 h.
/// Safe in every replica at once.
/// </summary>
public sealed class JobRetention(JobWrites writes, JobsDatabase database, IImageStore images, IOptions<JobsOptions> options)
{
    private const int Batch = 200;

    /// <summary>Removes all that are old and returns how many.</summary>
    /// <exception cref="IOException">The image store is away; what is left is removed later.</exception>
    public async Task<int> RemoveOldAsync(CancellationToken cancellationToken)
    {
        if (options.Value.KeepFor is not { } keepFor)
            return 0;

        // First the rows, then their images: what a crash in between leaves are images that no row names, and the sweep removes those.
        var removed = 0;
        while (await RemoveRowsAsync(keepFor, cancellationToken) is { Count: > 0 } rows)
        {
            removed += rows.Count;
            foreach (var name in rows)
            {
                if (ImageKey.Parse(name) is { } key)
                    await images.DeleteAsync(key, cancellationToken);
            }
        }

        return removed;
    }

    /// <summary>Removes the sign-ins that have expired.</summary>
    public Task ForgetSignInsAsync(CancellationToken cancellationToken) => writes.OnceAsync(
        context => context.Database.ExecuteSqlAsync($"DELETE FROM sign_ins WHERE expires_at <= now_ms()", cancellationToken), cancellationToken);

    /// <summary>Removes the idempotency keys that lead to no jobs any more.</summary>
    public Task ForgetKeysAsync(CancellationToken cancellationToken)
    {
        var keptFor = (long)IdempotencyKeys.KeptFor.TotalMilliseconds;
        return writes.OnceAsync(
            context => context.Database.ExecuteSqlAsync(
                $"DELETE FROM idempotency_keys WHERE created_at <= now_ms() - {keptFor}", cancellationToken),
            cancellationToken);
    }

    /// <summary>Removes a few rows and returns the names of their images, empty for a job that had none.</summary>
    private Task<List<string>> RemoveRowsAsync(TimeSpan keepFor, CancellationToken cancellationToken)
    {
        var statement = string.Create(CultureInfo.InvariantCulture, $"""
            DELETE FROM jobs
            WHERE id IN (SELECT id FROM jobs WHERE finished_at < now_ms() - {(long)keepFor.TotalMilliseconds}
                         ORDER BY finished_at LIMIT {Batch} {database.SkipLocked})
            RETURNING COALESCE(image_key, '')
            """);
        return writes.OnceAsync(
            context => context.Database.SqlQueryRaw<string>(statement).ToListAsync(cancellationToken), cancellationToken);
    }
}
