using System.Text.Json;
using McpImageGen.Contracts;
using McpImageGen.Jobs.Images;
using Microsoft.AspNetCore.DataProtection.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace McpImageGen.Jobs.Database;

/// <summary>
/// The jobs, the live workers, the idempotency keys, the sign-ins to the gallery with the keys of their cookies, and the database's identity. Times are Unix
/// milliseconds in every database.
/// </summary>
public sealed class JobsDbContext(DbContextOptions<JobsDbContext> options) : DbContext(options), IDataProtectionKeyContext
{
    public DbSet<GenerationJob> Jobs => Set<GenerationJob>();

    public DbSet<WorkerRow> Workers => Set<WorkerRow>();

    public DbSet<IdempotencyKeyRow> IdempotencyKeys => Set<IdempotencyKeyRow>();

    public DbSet<DatabaseIdentityRow> Identities => Set<DatabaseIdentityRow>();

    public DbSet<SignInRow> SignIns => Set<SignInRow>();

    public DbSet<DataProtectionKey> DataProtectionKeys => Set<DataProtectionKey>();

    /// <summary>The keys of input images are stored in one column, separated by spaces.</summary>
    private static readonly ValueConverter<IReadOnlyList<ImageKey>?, string> InputImageKeys = new(
        keys => string.Join(' ', keys!), text => text.Split(' ', StringSplitOptions.None).Select(key => ImageKey.Parse(key)).OfType<ImageKey>().ToList());

    private static readonly ValueComparer<IReadOnlyList<ImageKey>?> InputImageLists = new(
        (one, other) => one == other || (one != null && other != null && one.SequenceEqual(other)), keys => keys!.Count, keys => keys);

    /// <summary>In a query: the database's clock, Unix milliseconds.</summary>
    [DbFunction("now_ms", IsBuiltIn = true)]
    public static long NowMs() => throw new NotSupportedException("This method is only for queries.");

    /// <summary>The current time by the database's clock, which all processes share; Unix milliseconds.</summary>
    public async Task<long> NowAsync(CancellationToken cancellationToken) =>
        (await Database.SqlQuery<long>($"SELECT now_ms()").ToListAsync(cancellationToken)).Single();

    /// <summary>The permit to use a connection, held until the context is disposed. Null where connections are not limited.</summary>
    internal IDisposable? Turn { get; set; }

    public override void Dispose()
    {
        var turn = TakeTurn();
        base.Dispose();
        turn?.Dispose();
    }

    public override async ValueTask DisposeAsync()
    {
        var turn = TakeTurn();
        await base.DisposeAsync();
        turn?.Dispose();
    }

    /// <summary>
    /// In a query: the form of a text that is searched, an SQL function of each database: composed (NFC) and in Unicode lower case regardless of the
    /// database's locale, with İ as i and ς as σ.
    /// </summary>
    public static string SearchForm(string text) => throw new InvalidOperationException($"{nameof(SearchForm)} is only for queries.");

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.HasDbFunction(() => SearchForm(default!)).HasName("search_form");

        modelBuilder.Entity<GenerationJob>(job =>
        {
            job.ToTable("jobs");
            job.Property(row => row.Id).ValueGeneratedNever();
            job.Property(row => row.Owner).HasMaxLength(200);
            job.Property(row => row.Model).HasMaxLength(100);
            job.ComplexProperty(row => row.Parameters, NameColumns);
            job.Property(row => row.InputImages).HasMaxLength(1000).HasConversion(InputImageKeys, InputImageLists);
            job.Property(row => row.TraceParent).HasMaxLength(55);
            job.Property(row => row.Status).HasMaxLength(20);
            job.Property(row => row.ImageKey).HasMaxLength(200).HasConversion(key => key!.ToString(), text => ImageKey.Parse(text));
            job.Property(row => row.ContentType).HasMaxLength(100);
            job.Property(row => row.ErrorCode).HasMaxLength(100);
            job.Property(row => row.ReclaimReason).HasMaxLength(20);

            // For lists of one owner's jobs, newest first, with and without a status; ids are UUIDv7, so they sort by creation.
            job.HasIndex(row => new { row.Owner, row.Id });
            job.HasIndex(row => new { row.Owner, row.Status, row.Id });

            // For requeue: these contain unfinished jobs only, so their cost does not grow with history.
            job.HasIndex(row => row.SendAfter).HasFilter($"status = '{JobStatus.Pending}' AND sent_at IS NOT NULL");
            job.HasIndex(row => row.LeaseUntil).HasFilter($"status = '{JobStatus.Processing}'");

            // For housekeeping: which jobs are old, and which images have a job.
            job.HasIndex(row => row.FinishedAt).HasFilter("finished_at IS NOT NULL");
            job.HasIndex(row => row.ImageKey).HasFilter("image_key IS NOT NULL");

            // A covering index of each owner's unfinished jobs and which of them are sent; it does not grow with history either.
            job.HasIndex(row => new { row.Owner, row.SentAt, row.Id, row.SendAfter }).HasFilter("finished_at IS NULL");
        });

        modelBuilder.Entity<WorkerRow>(worker =>
        {
            worker.ToTable("workers");
            worker.Property(row => row.Id).ValueGeneratedNever();
            worker.Property(row => row.ImageSource).HasMaxLength(100);
        });

        modelBuilder.Entity<IdempotencyKeyRow>(key =>
        {
            key.ToTable("idempotency_keys");
            key.HasKey(row => new { row.Owner, row.Key });
            key.Property(row => row.Owner).HasMaxLength(200);
            key.Property(row => row.Key).HasMaxLength(200);
            key.Property(row => row.Fingerprint).HasMaxLength(64);
        });

        modelBuilder.Entity<DatabaseIdentityRow>(identity =>
        {
            identity.ToTable("database_identity");
            identity.HasKey(row => row.Key);
            identity.Property(row => row.Key).ValueGeneratedNever();
            identity.Property(row => row.Id).HasMaxLength(32).IsRequired();
            identity.Property(row => row.Stamps).HasMaxLength(2000);
        });

        modelBuilder.Entity<SignInRow>(signIn =>
        {
            signIn.ToTable("sign_ins");
            signIn.Property(row => row.Id).ValueGeneratedNever();
            signIn.Property(row => row.Owner).HasMaxLength(200);
            signIn.HasIndex(row => new { row.Owner, row.ExpiresAt });
        });

        modelBuilder.Entity<DataProtectionKey>().ToTable("data_protection_keys");
    }

    /// <summary>A new parameter needs a migration and nothing else: its column has its name, without the name of the record.</summary>
    private static void NameColumns(ComplexPropertyBuilder<GenerationParameters> parameters)
    {
        foreach (var parameter in parameters.Metadata.ComplexType.GetProperties())
            parameter.SetColumnName(JsonNamingPolicy.SnakeCaseLower.ConvertName(parameter.Name));
    }

    /// <summary>Before the context is pooled again: then the turn may be that of its next user.</summary>
    private IDisposable? TakeTurn()
    {
        var turn = Turn;
        Turn = null;
        return turn;
    }
}
