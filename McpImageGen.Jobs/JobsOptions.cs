using System.ComponentModel.DataAnnotations;

namespace McpImageGen.Jobs;

/// <summary>Settings for accepting, leasing, retrying, requeuing and keeping jobs. Section <c>Jobs</c>.</summary>
public sealed class JobsOptions
{
    public const string Section = "Jobs";

    /// <summary>
    /// How long a claim lasts; after that the job may be reclaimed, even from a live worker.
    /// 10 s to 1 h, default the provider's time limit plus 30 s, that is 2 min 30 s.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:10", "01:00:00", ErrorMessage = "Jobs__Lease must be between 00:00:10 and 01:00:00.")]
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(150);

    /// <summary>How long after a job's first attempt transient failures are retried. 0 s to 7 days, default 1 h.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "7.00:00:00", ErrorMessage = "Jobs__RetryFor must be between 00:00:00 and 7.00:00:00.")]
    public TimeSpan RetryFor { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How often the database is queried for due jobs. 10 ms to 1 min, default 1 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00", ErrorMessage = "Jobs__RequeueEvery must be between 00:00:00.010 and 00:01:00.")]
    public TimeSpan RequeueEvery { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How long a finished job is kept before it is deleted with its image. 1 h to 100 years; by default jobs are never deleted.
    /// </summary>
    [Range(typeof(TimeSpan), "01:00:00", "36500.00:00:00", ErrorMessage = "Jobs__KeepFor must be between 01:00:00 and 36500.00:00:00, or not set.")]
    public TimeSpan? KeepFor { get; set; }

    /// <summary>
    /// How many unfinished jobs one owner may have; a call that would exceed this is refused. 20 (the largest call) to 100,000, default 2,000.
    /// </summary>
    [Range(20, 100_000, ErrorMessage = "Jobs__UnfinishedPerOwner must be between 20 and 100000.")]
    public int UnfinishedPerOwner { get; set; } = 2000;

    /// <summary>
    /// The largest share of the images, 0 to 1, that one round of housekeeping may move to the trash because no job has them; more than that is taken
    /// for a wrong database, and none is moved. Up to 10 images are moved whatever share they are. 0: none is moved, and none deleted from the
    /// trash. Default 0.5.
    /// </summary>
    [Range(0.0, 1.0, ErrorMessage = "Jobs__SweepShare must be between 0 and 1.")]
    public double SweepShare { get; set; } = 0.5;
}
