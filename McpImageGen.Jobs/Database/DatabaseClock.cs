using Microsoft.EntityFrameworkCore;

namespace McpImageGen.Jobs.Database;

/// <summary>The database's clock, which all processes share.</summary>
internal static class DatabaseClock
{
    /// <summary>The current time, Unix milliseconds.</summary>
    public static async Task<long> NowAsync(this JobsDbContext context, CancellationToken cancellationToken) =>
        (await context.Database.SqlQuery<long>($"SELECT now_ms()").ToListAsync(cancellationToken)).Single();
}
