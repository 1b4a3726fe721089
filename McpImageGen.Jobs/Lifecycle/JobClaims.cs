using System.Security.Cryptography;
using McpImageGen.Contracts;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace McpImageGen.Jobs.Lifecycle;

/// <summary>
/// The worker's side of a job: claim it, then complete, fail or put it back. Each is one statement, and each but the claim is fenced:
/// it changes the row only while the claim stands. All wait for a database that is away, and all can be run twice,
/// because a paid image must not be lost to a lost connection.
/// </summary>
public sealed class JobClaims(JobWrites writes, IOptions<JobsOptions> options)
{
    /// <summary>Takes a pending job, or returns null when it is not to be had: taken, finished, unknown, or not due yet.</summary>
    public async Task<ClaimedJob?> ClaimAsync(Guid jobId, Guid workerId, CancellationToken cancellationToken)
    {
        using var activity = JobTraces.Start("claim job", jobId);
        var claim = new Guid(RandomNumberGenerator.GetBytes(16));
        var lease = (long)options.Value.Lease.TotalMilliseconds;
        var retryFor = (long)options.Value.RetryFor.TotalMilliseconds;

        // A statement that was begun is not cancelled: nobody would know whether it took the job, and it would look as if its worker had died.
        var claimed = await writes.UntilAnsweredAsync(
            context => context.Database.SqlQuery<ClaimedJob>($"""
                UPDATE jobs
                SET status = {JobStatus.Processing}, claim = {claim}, worker_id = {workerId}, sent_at = COALESCE(sent_at, now_ms()),
                    claimed_at = now_ms(), updated_at = now_ms(), lease_until = now_ms() + {lease},
                    retry_until = COALESCE(retry_until, now_ms() + {retryFor}),
                    attempts = attempts + CASE WHEN status = {JobStatus.Pending} THEN 1 ELSE 0 END
                WHERE id = {jobId}
                  AND (status = {JobStatus.Pending} AND (next_attempt_at IS NULL OR next_attempt_at <= now_ms())
                       OR status = {JobStatus.Processing} AND claim = {claim})
                RETURNING id, claim, claimed_at, lease_until, retry_until, attempts, output_rejections, unusable_answers, created_at, model
                """).ToListAsync(CancellationToken.None),
            cancellationToken);
        return claimed.SingleOrDefault();
    }

    /// <summary>Completes the job. False: the claim no longer stands, and the image is not the job's.</summary>
    public Task<bool> CompleteAsync(ClaimedJob job, FinishedImage image, CancellationToken cancellationToken) =>
        FencedAsync(job, $"""
            UPDATE jobs
            SET status = {JobStatus.Completed}, updated_at = now_ms(), finished_at = now_ms(), generated_at = {image.GeneratedAt},
                image_key = {image.Key.ToString()}, content_type = {image.Key.ContentType}, image_length = {image.Length},
                neurons = {image.Neurons}, seed = CASE WHEN {image.SeedIgnored} THEN NULL ELSE seed END, error_code = NULL, error = NULL, next_attempt_at = NULL, lease_until = NULL
            WHERE id = {job.Id} AND claim = {job.Claim} AND status IN ({JobStatus.Processing}, {JobStatus.Completed})
            """, cancellationToken);

    /// <summary>Fails the job for good. False: the claim no longer stands.</summary>
    public Task<bool> FailAsync(ClaimedJob job, string code, string error, CancellationToken cancellationToken) =>
        FencedAsync(job, $"""
            UPDATE jobs
            SET status = {JobStatus.Failed}, updated_at = now_ms(), finished_at = now_ms(),
                error_code = {code}, error = {error}, next_attempt_at = NULL, lease_until = NULL
            WHERE id = {job.Id} AND claim = {job.Claim} AND status IN ({JobStatus.Processing}, {JobStatus.Failed})
            """, cancellationToken);

    /// <summary>Makes the job pending again, to be tried after a while. False: the claim no longer stands.</summary>
    public Task<bool> PutBackAsync(ClaimedJob job, RetryLater retry, CancellationToken cancellationToken)
    {
        var delay = (long)retry.Delay.TotalMilliseconds;
        var outputRejections = job.OutputRejections + (retry.OutputRejected ? 1 : 0);
        var unusableAnswers = job.UnusableAnswers + (retry.UnusableAnswer ? 1 : 0);
        var heldBack = retry.HeldBack ? 1 : 0;
        var retryFor = (long)options.Value.RetryFor.TotalMilliseconds;
        return FencedAsync(job, $"""
            UPDATE jobs
            SET status = {JobStatus.Pending}, updated_at = now_ms(), claim = NULL, worker_id = NULL, lease_until = NULL,
                next_attempt_at = now_ms() + {delay}, send_after = now_ms() + {delay}, resends = 0,
                sent_at = CASE WHEN {retry.HeldBack} THEN sent_at ELSE NULL END,
                retry_until = CASE WHEN {retry.StartsAfresh} THEN now_ms() + {delay + retryFor}
                                   WHEN {retry.HeldBack} AND attempts = 1 THEN NULL
                                   WHEN {retry.HeldBack} THEN retry_until + {delay} ELSE retry_until END,
                attempts = attempts - {heldBack}, output_rejections = {outputRejections}, unusable_answers = {unusableAnswers},
                error_code = {retry.Code}, error = {retry.Reason}
            WHERE id = {job.Id} AND claim = {job.Claim} AND status = {JobStatus.Processing}
            """, cancellationToken);
    }

    /// <summary>Gives the job back as if it had never been claimed, for another worker to take at once.</summary>
    public Task<bool> GiveBackAsync(ClaimedJob job, CancellationToken cancellationToken) =>
        FencedAsync(job, $"""
            UPDATE jobs
            SET status = {JobStatus.Pending}, updated_at = now_ms(), claim = NULL, worker_id = NULL, lease_until = NULL,
                send_after = now_ms(), sent_at = NULL, resends = 0, attempts = attempts - 1
            WHERE id = {job.Id} AND claim = {job.Claim} AND status = {JobStatus.Processing}
            """, cancellationToken);

    private async Task<bool> FencedAsync(ClaimedJob job, FormattableString statement, CancellationToken cancellationToken) =>
        await writes.UntilAnsweredAsync(
            context => context.Database.ExecuteSqlInterpolatedAsync(statement, cancellationToken), cancellationToken) == 1;
}
