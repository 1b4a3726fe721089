using System.ComponentModel.DataAnnotations.Schema;

namespace McpImageGen.Jobs.Claiming;

/// <summary>A job claimed by this worker: no other worker can finish it while the claim is valid.</summary>
/// <remarks>All times are by the database's clock.</remarks>
/// <param name="Id">The job's id.</param>
/// <param name="Claim">The fencing token, 128 random bits.</param>
/// <param name="ClaimedAt">Unix milliseconds.</param>
/// <param name="LeaseUntil">Unix milliseconds; after that the job may be reclaimed for another worker.</param>
/// <param name="RetryUntil">Unix milliseconds; after that a transient failure is final.</param>
/// <param name="Attempts">The number of attempts, including this one.</param>
/// <param name="OutputRejections">How often the provider has already withheld the image.</param>
/// <param name="UnusableAnswers">How often the provider has already responded with success but without a usable image.</param>
/// <param name="CreatedAt">When it was submitted, Unix milliseconds.</param>
/// <param name="Model">The model's public name.</param>
public sealed record ClaimedJob(
    Guid Id, Guid Claim, long ClaimedAt, long LeaseUntil, long RetryUntil, int Attempts, int OutputRejections,
    int UnusableAnswers, long CreatedAt, string Model)
{
    /// <summary>When the claim was begun, by this process's monotonic clock.</summary>
    [NotMapped]
    public long ClaimTimestamp { get; init; }

    /// <summary>
    /// The current time by the database's clock, Unix milliseconds: the time of the claim and what has passed since the claim was begun, so an
    /// estimate that is too late by at most the duration of the claim. Times in the row are only comparable with this one, because the clocks of
    /// two hosts can differ by hours.
    /// </summary>
    public long DatabaseTime(TimeProvider time) => ClaimedAt + (long)time.GetElapsedTime(ClaimTimestamp).TotalMilliseconds;
}
