using System.Security.Cryptography;
using McpImageGen.Contracts;
using McpImageGen.Jobs.Database;
using McpImageGen.Jobs.Images;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace McpImageGen.Jobs.Claiming;

/// <summary>
/// The worker's operations on a job: claim it, then complete, fail, reschedule or release it. Each is one statement, and each except the
/// claim is fenced: it changes the row only while the claim is valid. All of them retry while the database is unavailable and can be
/// executed twice, because a lost connection must not lose an image that has been paid for.
/// </summary>
public sealed class JobClaims(WriteExecutor writes, IOptions<JobsOptions> options, TimeProvider time)
{
    /// <summary>Claims a pending job, or returns null if it is already claimed, finished, unknown or not due yet.</summary>
    public async Task<ClaimedJob?> ClaimAsync(Guid jobId, Guid workerId, CancellationToken cancellationToken)
    {
        using var activity = JobTraces.Start("claim job", jobId);
        var claim = new Guid(RandomNumberGenerator.GetBytes(16));
        var lease = (long)options.Value.Lease.TotalMilliseconds;
        var retryFor = (long)options.Value.RetryFor.TotalMilliseconds;

        // The statement is not cancelled once started: it might have claimed the job without the worker knowing, as if the worker had died.
        var timestamp = 0L;
        var claimed = await writes.ExecuteWithRetryAsync(
            context =>
            {
                timestamp = time.GetTimestamp();
                return context.Database.SqlQuery<ClaimedJob>($"""
                UPDATE jobs
                SET status = {JobStatus.Processing}, claim = {claim}, worker_id = {workerId}, sent_at = COALESCE(sent_at, now_ms()),
                    claimed_at = now_ms(), updated_at = now_ms(), lease_until = now_ms() + {lease},
                    retry_until = COALESCE(retry_until, now_ms() + {retryFor}),
                    attempts = attempts + CASE WHEN status = {JobStatus.Pending} THEN 1 ELSE 0 END
                WHERE id = {jobId}
                  AND (status = {JobStatus.Pending} AND (next_attempt_at IS NULL OR next_attempt_at <= now_ms())
                       OR status = {JobStatus.Processing} AND claim = {claim})
                RETURNING id, claim, claimed_at, lease_until, retry_until, attempts, output_rejections, unusable_answers, created_at, model
                """).ToListAsync(CancellationToken.None);
            },
            cancellationToken);
        return claimed.SingleOrDefault() is { } job ? job with { ClaimTimestamp = timestamp } : null;
    }

    /// <summary>
    /// Completes the job. Returns false if the claim is no longer valid; the image is then not recorded. A time of generation that is estimated
    /// too late (<see cref="ClaimedJob.DatabaseTime"/>) is recorded as the current time.
    /// </summary>
    public Task<bool> CompleteAsync(ClaimedJob job, FinishedImage image, CancellationToken cancellationToken) =>
        FencedAsync(job, $"""
            UPDATE jobs
            SET status = {JobStatus.Completed}, updated_at = now_ms(), finished_at = now_ms(),
                generated_at = CASE WHEN {image.GeneratedAt} < now_ms() THEN {image.GeneratedAt} ELSE now_ms() END,
                image_key = {image.Key.ToString()}, content_type = {image.Key.ContentType}, image_length = {image.Length},
                neurons = {image.Neurons}, seed = CASE WHEN {image.SeedIgnored} THEN NULL ELSE seed END, error_code = NULL, error = NULL, next_attempt_at = NULL, lease_until = NULL
            WHERE id = {job.Id} AND claim = {job.Claim} AND status IN ({JobStatus.Processing}, {JobStatus.Completed})
            """, cancellationToken);

    /// <summary>Fails the job permanently. Returns false if the claim is no longer valid.</summary>
    public Task<bool> FailAsync(ClaimedJob job, string code, string error, CancellationToken cancellationToken) =>
        FencedAsync(job, $"""
            UPDATE jobs
            SET status = {JobStatus.Failed}, updated_at = now_ms(), finished_at = now_ms(),
                error_code = {code}, error = {error}, next_attempt_at = NULL, lease_until = NULL
            WHERE id = {job.Id} AND claim = {job.Claim} AND status IN ({JobStatus.Processing}, {JobStatus.Failed})
            """, cancellationToken);

    /// <summary>Reschedules the job: makes it pending again with a delay. Returns false if the claim is no longer valid.</summary>
    public Task<bool> RescheduleAsync(ClaimedJob job, RetryPlan retry, CancellationToken cancellationToken)
    {
        var delay = (long)retry.Delay.TotalMilliseconds;
        var outputRejections = job.OutputRejections + (retry.OutputRejected ? 1 : 0);
        var unusableAnswers = job.UnusableAnswers + (retry.UnusableAnswer ? 1 : 0);
        var heldBack = retry.IsDeferred ? 1 : 0;
        var retryFor = (long)options.Value.RetryFor.TotalMilliseconds;
        return FencedAsync(job, $"""
            UPDATE jobs
            SET status = {JobStatus.Pending}, updated_at = now_ms(), claim = NULL, worker_id = NULL, lease_until = NULL,
                next_attempt_at = now_ms() + {delay}, send_after = now_ms() + {delay}, resends = 0,
                sent_at = CASE WHEN {retry.IsDeferred} THEN sent_at ELSE NULL END,
                retry_until = CASE WHEN {retry.StartsAfresh} THEN now_ms() + {delay + retryFor}
                                   WHEN {retry.IsDeferred} AND attempts = 1 THEN NULL
                                   WHEN {retry.IsDeferred} THEN retry_until + {delay} ELSE retry_until END,
                attempts = attempts - {heldBack}, output_rejections = {outputRejections}, unusable_answers = {unusableAnswers},
                error_code = {retry.Code}, error = {retry.Reason}
            WHERE id = {job.Id} AND claim = {job.Claim} AND status = {JobStatus.Processing}
            """, cancellationToken);
    }

    /// <summary>Releases the job as if it had never been claimed, so that another worker can claim it immediately.</summary>
    public Task<bool> ReleaseAsync(ClaimedJob job, CancellationToken cancellationToken) =>
        FencedAsync(job, $"""
            UPDATE jobs
            SET status = {JobStatus.Pending}, updated_at = now_ms(), claim = NULL, worker_id = NULL, lease_until = NULL,
                send_after = now_ms(), sent_at = NULL, resends = 0, attempts = attempts - 1
            WHERE id = {job.Id} AND claim = {job.Claim} AND status = {JobStatus.Processing}
            """, cancellationToken);

    private async Task<bool> FencedAsync(ClaimedJob job, FormattableString statement, CancellationToken cancellationToken) =>
        await writes.ExecuteWithRetryAsync(
            context => context.Database.ExecuteSqlInterpolatedAsync(statement, cancellationToken), cancellationToken) == 1;
}

/// <summary>The image of a completed job, as recorded in its row.</summary>
/// <param name="Key">The key in the image store.</param>
/// <param name="Length">The size in bytes.</param>
/// <param name="Neurons">The cost in Workers AI neurons; null if unknown.</param>
/// <param name="GeneratedAt">When the provider's response arrived, Unix milliseconds.</param>
public sealed record FinishedImage(ImageKey Key, long Length, double? Neurons, long GeneratedAt)
{
    /// <summary>True if the provider refused the job's seed, so that the seed does not belong to the image.</summary>
    public bool SeedIgnored { get; init; }
}

/// <summary>Why and when a job is retried.</summary>
/// <param name="Delay">The time from now until the next attempt.</param>
/// <param name="Code">A stable code.</param>
/// <param name="Reason">The message for the code; shown to the job's owner.</param>
/// <param name="OutputRejected">True if the provider generated an image but withheld it.</param>
/// <param name="UnusableAnswer">True if the provider responded with success but without a usable image.</param>
/// <param name="StartsAfresh">
/// True if the time limit for retries starts again at the next attempt, because the job did not cause the wait.
/// </param>
/// <param name="IsDeferred">
/// True if the job was deferred: this was not an attempt, and the delay does not count towards the time limit for retries.
/// </param>
public sealed record RetryPlan(
    TimeSpan Delay, string Code, string Reason, bool OutputRejected = false, bool UnusableAnswer = false, bool StartsAfresh = false, bool IsDeferred = false);
