using McpImageGen.Contracts;
using McpImageGen.Jobs;
using McpImageGen.Jobs.Cleanup;
using McpImageGen.Jobs.Database;
using McpImageGen.Jobs.Database.Postgres;
using McpImageGen.Jobs.Images;
using McpImageGen.Jobs.Queries;
using McpImageGen.Jobs.Scheduling;
using McpImageGen.Standalone.Embedded;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace McpImageGen.Benchmarks;

/// <summary>
/// A database with the given number of jobs. All but 20 belong to one owner; 60 are always unfinished; one in 50 has failed.
/// </summary>
internal sealed class History : IAsyncDisposable
{
    public const string MaxJobs = "most";
    public const string FewJobs = "few";

    private const int Images = 500;

    private readonly int _jobs;
    private readonly string _folder = Directory.CreateTempSubdirectory("mcp-image-gen-").FullName;
    private readonly IHost _host;
    private readonly Func<Task> _remove;
    private ImageKey[] _images = [];

    private History(int jobs, Action<HostApplicationBuilder, string> addJobs, Func<Task> remove)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddLogging();
        builder.Services.Configure<JobsOptions>(options => options.KeepFor = TimeSpan.FromDays(36500));
        builder.AddImageFiles(Path.Combine(_folder, "images"));
        addJobs(builder, _folder);
        (_jobs, _host, _remove) = (jobs, builder.Build(), remove);
    }

    /// <summary>Creates the database in a file that is deleted at the end.</summary>
    public static async Task<History> OnSqliteAsync(int jobs)
    {
        var history = new History(jobs, (builder, folder) => builder.AddSqliteJobs(Path.Combine(folder, "jobs.db")), () =>
        {
            SqliteConnection.ClearAllPools();
            return Task.CompletedTask;
        });
        await history.FillAsync(uuid: "{0}", random: "lower(hex(randomblob(16)))");
        return history;
    }

    /// <summary>Creates a new database on the server; it is dropped at the end.</summary>
    public static async Task<History> OnPostgresAsync(string server, int jobs)
    {
        var name = $"growth_{jobs}_{Guid.NewGuid():n}";
        await ExecuteAsync(server, $"CREATE DATABASE {name}");
        var connection = new NpgsqlConnectionStringBuilder(server) { Database = name, CommandTimeout = 600 }.ConnectionString;
        var history = new History(
            jobs,
            (builder, _) =>
            {
                builder.Configuration[$"ConnectionStrings:{PostgresSetup.ConnectionName}"] = connection;
                builder.AddPostgresJobs();
            },
            () => ExecuteAsync(server, $"DROP DATABASE {name} WITH (FORCE)"));
        await history.FillAsync(uuid: "CAST({0} AS uuid)", random: "md5(CAST(random() AS text))");

        // As autovacuum does soon after so many inserts.
        await ExecuteAsync(connection, "VACUUM ANALYZE jobs");
        return history;
    }

    public Task FindAsync() => Get<JobQueries>().FindAsync(MaxJobs, [IdOf(Random.Shared.Next(_jobs))], CancellationToken.None);

    public Task ListAsync(string owner, string? status) => Get<JobQueries>().ListAsync(owner, status, limit: 10, offset: 0, before: null, CancellationToken.None);

    public Task SendLostAsync() => Get<JobRequeue>().TakeLostAsync(CancellationToken.None);

    public async Task SendWaitingAsync()
    {
        foreach (var owner in await Get<JobRequeue>().OwnersWithRoomAsync(CancellationToken.None))
            await Get<JobRequeue>().TakeNextAsync(owner, CancellationToken.None);
    }

    public Task ReclaimAsync() => Get<JobReclaim>().ReclaimAsync(new WorkerLiveness([Worker], [Worker], LeasesAreReliable: true), CancellationToken.None);

    public Task RemoveOldAsync() => Get<JobRetention>().RemoveOldAsync(CancellationToken.None);

    public Task FindNamesAsync() => Get<JobQueries>().FindReferencedAsync(_images, CancellationToken.None);

    /// <summary>Makes the pending jobs due, as if their messages had been lost.</summary>
    public Task LoseMessagesAsync() => MakeDueAsync(sentAt: 0);

    /// <summary>Makes the pending jobs unsent.</summary>
    public Task TakeMessagesBackAsync() => MakeDueAsync(sentAt: null);

    public async ValueTask DisposeAsync()
    {
        _host.Dispose();
        await _remove();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task FillAsync(string uuid, string random)
    {
        await using var context = await ContextAsync();
        await Get<JobsDatabase>().MigrateAsync(context, CancellationToken.None);

        var id = string.Format(uuid, "'01900000-0000-7000-8000-' || substr(CAST(1000000000000 + n AS text), 2)");
        var worker = string.Format(uuid, $"'{Worker}'");
        var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        var tomorrow = DateTimeOffset.UtcNow.AddDays(1).ToUnixTimeMilliseconds();
        var statements = $"""
            INSERT INTO workers (id, started, concurrency, seen) SELECT {worker}, {now}, 64, {tomorrow};

            INSERT INTO jobs (id, owner, prompt, model, status, created_at, updated_at, sent_at, resends, send_after, worker_id,
                              lease_until, claimed_at, generated_at, finished_at, attempts, takeovers, output_rejections,
                              image_key, content_type, image_length, neurons, error_code, error)
            WITH RECURSIVE numbers(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n + 1 < {_jobs}),
            history AS (
                SELECT n, CASE WHEN n >= {_jobs - 10} THEN 'processing' WHEN n >= {_jobs - 60} THEN 'pending'
                               WHEN n % 50 = 7 THEN 'failed' ELSE 'completed' END AS status
                FROM numbers)
            SELECT {id}, CASE WHEN n % {_jobs / 20} = 0 THEN '{FewJobs}' ELSE '{MaxJobs}' END,
                   'a lighthouse at dawn, painted by somebody who has seen ' || n || ' of them', 'flux-schnell', status,
                   {now}, {now}, {now}, 0, {now}, CASE WHEN status = 'pending' THEN NULL ELSE {worker} END,
                   CASE WHEN status = 'processing' THEN {tomorrow} END, {now}, {now},
                   CASE WHEN status IN ('completed', 'failed') THEN {now} END, 1, 0, 0,
                   CASE WHEN status = 'completed' THEN {random} || '.jpg' END, 'image/jpeg', 100000, 43.2,
                   CASE WHEN status = 'failed' THEN 'prompt_rejected' END, CASE WHEN status = 'failed' THEN 'The provider refused it.' END
            FROM history
            """;
        await context.Database.ExecuteSqlRawAsync(statements);

        // Half of the images that the sweep finds have a job.
        var named = await context.Jobs.Where(job => job.ImageKey != null).OrderBy(job => job.ImageKey)
            .Select(job => job.ImageKey!).Take(Images / 2).ToListAsync();
        _images = [.. named, .. Enumerable.Range(0, Images / 2).Select(_ => ImageKey.For(Guid.NewGuid(), "image/jpeg"))];
    }

    private static readonly Guid Worker = Guid.Parse("01900000-0000-7000-9000-000000000000");

    private static Guid IdOf(int number) => Guid.Parse($"01900000-0000-7000-8000-{number:d12}");

    private Task<JobsDbContext> ContextAsync() => Get<IDbContextFactory<JobsDbContext>>().CreateDbContextAsync();

    private T Get<T>()
        where T : notnull => _host.Services.GetRequiredService<T>();

    private async Task MakeDueAsync(long? sentAt)
    {
        await using var context = await ContextAsync();
        await context.Jobs.Where(job => job.Status == JobStatus.Pending).ExecuteUpdateAsync(row => row
            .SetProperty(job => job.SentAt, sentAt).SetProperty(job => job.SendAfter, 0L).SetProperty(job => job.Resends, 0));
    }

    private static async Task ExecuteAsync(string connectionString, string statement)
    {
        await using var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(statement, connection) { CommandTimeout = 600 };
        await command.ExecuteNonQueryAsync();
    }
}
