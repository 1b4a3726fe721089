using McpImageGen.Contracts;
using McpImageGen.Contracts.Models;
using McpImageGen.Jobs.Queries;
using McpImageGen.Tests.Testing;
using Microsoft.EntityFrameworkCore;

namespace McpImageGen.Tests.Lifecycle;

/// <summary>More jobs of one owner than are looked into at once, all of them older than as many of another owner.</summary>
/// <param name="createAsync">Makes the database.</param>
/// <param name="id">How it makes an id of a text.</param>
public abstract class ManyJobs(Func<Task<JobsOnDatabase>> createAsync, string id) : IAsyncLifetime
{
    public const int Count = JobQueries.MaxSearched + 20_000;

    /// <summary>Only the oldest job but ten has it, and a prompt of its own.</summary>
    public const string RareModel = ImageModel.Phoenix;

    public JobsOnDatabase Database { get; private set; } = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static Guid IdOf(int number) => Guid.Parse($"01900000-0000-7000-8000-{number:d12}");

    public async ValueTask InitializeAsync()
    {
        Database = await createAsync();
        await using var context = await Database.ContextAsync();
        var ofNumber = string.Format(id, "'01900000-0000-7000-8000-' || substr(CAST(1000000000000 + n AS text), 2)");
        var statement = $"""
            INSERT INTO jobs (id, owner, prompt, model, status, created_at, updated_at, finished_at, resends, send_after, attempts, takeovers, output_rejections)
            WITH RECURSIVE numbers(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n + 1 < {2 * Count})
            SELECT {ofNumber}, CASE WHEN n < {Count} THEN '{JobsOnDatabase.Owner}' ELSE 'ben' END,
                   CASE WHEN n = 10 THEN 'ÄRGER mit 100% Sahne' WHEN n = {Count - 7} THEN 'a 100_meter run' ELSE 'a lighthouse at dawn, seen by ' || n || ' people' END,
                   CASE WHEN n = 10 THEN '{RareModel}' WHEN n % 2 = 0 THEN '{ImageModel.FluxSchnell}' ELSE '{ImageModel.SdxlBase}' END,
                   CASE WHEN n % 50 = 0 THEN '{JobStatus.Failed}' ELSE '{JobStatus.Completed}' END, n, n, n, 0, 0, 1, 0, 0
            FROM numbers
            """;
        await context.Database.ExecuteSqlRawAsync(statement, Cancel);

        // As a server itself does soon after so many rows; SQLite never does.
        if (context.Database.IsNpgsql())
            await context.Database.ExecuteSqlRawAsync("VACUUM ANALYZE jobs", Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        await Database.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
