using System.Globalization;
using McpImageGen.Jobs.Database;
using McpImageGen.Jobs.Images;
using McpImageGen.Jobs.Submission;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace McpImageGen.Jobs.Cleanup;

/// <summary>
/// Deletes jobs that finished longer ago than <see cref="JobsOptions.KeepFor"/>, with their images, and idempotency keys after 24 h.
/// Safe to run in all replicas concurrently.
/// </summary>
public sealed class JobRetention(WriteExecutor writes, JobsDatabase database, IImageStore images, IOptions<JobsOptions> options)
{
    private const int Batch = 200;

    /// <summary>Deletes all old jobs and returns their number.</summary>
    /// <exception cref="IOException">The image store is unavailable; the remaining images are deleted later.</exception>
    public async Task<int> RemoveOldAsync(CancellationToken cancellationToken)
    {
        if (options.Value.KeepFor is not { } keepFor)
            return 0;

        // Rows first, then images: a crash in between leaves images without a row, and the image sweep deletes those.
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

    /// <summary>Deletes expired sign-ins.</summary>
    public Task DeleteExpiredSignInsAsync(CancellationToken cancellationToken) => writes.ExecuteAsync(
        context => context.Database.ExecuteSqlAsync($"DELETE FROM sign_ins WHERE expires_at <= now_ms()", cancellationToken), cancellationToken);

    /// <summary>Deletes expired idempotency keys.</summary>
    public Task DeleteExpiredKeysAsync(CancellationToken cancellationToken)
    {
        var keptFor = (long)IdempotencyKeys.KeptFor.TotalMilliseconds;
        return writes.ExecuteAsync(
            context => context.Database.ExecuteSqlAsync(
                $"DELETE FROM idempotency_keys WHERE created_at <= now_ms() - {keptFor}", cancellationToken),
            cancellationToken);
    }

    /// <summary>Deletes a batch of rows and returns the names of their images, empty for a job without an image.</summary>
    private Task<List<string>> RemoveRowsAsync(TimeSpan keepFor, CancellationToken cancellationToken)
    {
        var statement = string.Create(CultureInfo.InvariantCulture, $"""
            DELETE FROM jobs
            WHERE id IN (SELECT id FROM jobs WHERE finished_at < now_ms() - {(long)keepFor.TotalMilliseconds}
                         ORDER BY finished_at LIMIT {Batch} {database.SkipLocked})
            RETURNING COALESCE(image_key, '')
            """);
        return writes.ExecuteAsync(
            context => context.Database.SqlQueryRaw<string>(statement).ToListAsync(cancellationToken), cancellationToken);
    }
}
