using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace McpImageGen.Standalone.Embedded;

/// <summary>Adds to each SQLite connection the clock and the search form used by the jobs' SQL, and durable commits.</summary>
internal sealed class SqliteConnectionSetup(TimeProvider time) : DbConnectionInterceptor
{
    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData) => SetUp(connection);

    public override Task ConnectionOpenedAsync(
        DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        SetUp(connection);
        return Task.CompletedTask;
    }

    private void SetUp(DbConnection connection)
    {
        var sqlite = (SqliteConnection)connection;
        sqlite.CreateFunction("now_ms", () => time.GetUtcNow().ToUnixTimeMilliseconds());
        sqlite.CreateFunction("search_form", (string? text) => text is null ? null : SearchText.Of(text), isDeterministic: true);

        // An accepted job must survive a power failure: in WAL mode only FULL syncs every commit, and macOS needs a stronger call than fsync.
        using var command = sqlite.CreateCommand();
        command.CommandText = "PRAGMA synchronous = FULL; PRAGMA fullfsync = ON; PRAGMA checkpoint_fullfsync = ON";
        command.ExecuteNonQuery();
    }
}
