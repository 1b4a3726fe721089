using McpImageGen.Contracts;
using Microsoft.AspNetCore.DataProtection.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;

namespace McpImageGen.Jobs.Database;

/// <summary>
/// The jobs, the workers that are alive, the calls that can be repeated, and the sign-ins to the gallery with the keys of their cookies. Times are Unix milliseconds
/// in every database.
/// </summary>
public sealed class JobsDbContext(DbContextOptions<JobsDbContext> options) : DbContext(options), IDataProtectionKeyContext
{
    public DbSet<GenerationJob> Jobs => Set<GenerationJob>();

    public DbSet<WorkerRow> Workers => Set<WorkerRow>();

    public DbSet<IdempotencyKeyRow> IdempotencyKeys => Set<IdempotencyKeyRow>();

    public DbSet<SignInRow> SignIns => Set<SignInRow>();

    public DbSet<DataProtectionKey> DataProtectionKeys => Set<DataProtectionKey>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<GenerationJob>(job =>
        {
            job.ToTable("jobs");
            job.Property(row => row.Id).ValueGeneratedNever();
            job.Property(row => row.Owner).HasMaxLength(200);
            job.Property(row => row.Model).HasMaxLength(100);
            job.Property(row => row.InputImages).HasMaxLength(1000);
            job.Property(row => row.TraceParent).HasMaxLength(55);
            job.Property(row => row.Status).HasMaxLength(20);
            job.Property(row => row.ImageKey).HasMaxLength(200);
            job.Property(row => row.ContentType).HasMaxLength(100);
            job.Property(row => row.ErrorCode).HasMaxLength(100);

            // The lists of one owner, newest first, with and without a status; ids are UUIDv7, so they sort by creation.
            job.HasIndex(row => new { row.Owner, row.Id });
            job.HasIndex(row => new { row.Owner, row.Status, row.Id });

            // What requeue looks for: these hold unfinished jobs only, so their cost does not grow with history.
            job.HasIndex(row => row.SendAfter).HasFilter($"status = '{JobStatus.Pending}' AND sent_at IS NOT NULL");
            job.HasIndex(row => row.LeaseUntil).HasFilter($"status = '{JobStatus.Processing}'");

            // What housekeeping asks for: which jobs are old, and which images have a job.
            job.HasIndex(row => row.FinishedAt).HasFilter("finished_at IS NOT NULL");
            job.HasIndex(row => row.ImageKey).HasFilter("image_key IS NOT NULL");

            // Each owner's unfinished jobs and which of them are sent, all of it in the index; it does not grow with history either.
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
}
