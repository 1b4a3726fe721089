using Npgsql;

namespace McpImageGen.Tests.Distributed;

/// <summary>Looks at the rows as somebody else than the product, and notes each time that one is finished.</summary>
public sealed class JobsTable(string connection)
{
    // Running the same statement again changes nothing and is no second finish.
    private const string NoteFinishes = """
        CREATE TABLE finishes (job uuid NOT NULL);
        CREATE FUNCTION note_finish() RETURNS trigger LANGUAGE plpgsql AS
            'BEGIN INSERT INTO finishes VALUES (NEW.id); RETURN NULL; END';
        CREATE TRIGGER finished AFTER UPDATE ON jobs FOR EACH ROW
            WHEN (NEW.status IN ('completed', 'failed', 'cancelled')
                  AND (OLD.status <> NEW.status OR OLD.image_key IS DISTINCT FROM NEW.image_key))
            EXECUTE FUNCTION note_finish();
        """;

    public Task NoteFinishesAsync() => AskAsync(NoteFinishes);

    /// <summary>How many jobs were finished more than once since <see cref="NoteFinishesAsync"/>.</summary>
    public Task<long> FinishedTwiceAsync() => AskAsync("SELECT count(*) FROM (SELECT FROM finishes GROUP BY job HAVING count(*) > 1)");

    /// <summary>How many jobs were taken from a worker that was thought dead.</summary>
    public Task<long> ReclaimedCountAsync() => AskAsync("SELECT count(*) FROM jobs WHERE takeovers > 0");

    /// <summary>How many jobs were started more than once, give-backs not counted.</summary>
    public Task<long> TriedAgainAsync() => AskAsync("SELECT count(*) FROM jobs WHERE attempts > 1");

    /// <summary>How many advisory locks anybody has in the database.</summary>
    public Task<long> LocksAsync() =>
        AskAsync("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())");

    /// <summary>How many workers made the images of these jobs.</summary>
    public Task<long> WorkersOfAsync(IEnumerable<string> ids) =>
        AskAsync($"SELECT count(DISTINCT worker_id) FROM jobs WHERE id IN ({string.Join(',', ids.Select(id => $"'{Guid.Parse(id)}'"))})");

    private async Task<long> AskAsync(string statement)
    {
        // Not pooled: after an outage, a pool still gives connections of before.
        await using var opened = new NpgsqlConnection(connection + ";Pooling=false");
        await opened.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(statement, opened);
        return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken) as long? ?? 0;
    }
}
