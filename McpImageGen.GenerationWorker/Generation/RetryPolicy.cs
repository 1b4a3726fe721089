using McpImageGen.Contracts;
using McpImageGen.GenerationWorker.WorkersAi;
using McpImageGen.Jobs.Claiming;

namespace McpImageGen.GenerationWorker.Generation;

/// <summary>Decides what happens to a job after a failed attempt: when it is retried, or why it has failed.</summary>
public sealed class RetryPolicy(TimeProvider time)
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan MaxDelay = TimeSpan.FromSeconds(30);

    /// <summary>Each retry generates, and is charged, again, so the delay is long.</summary>
    private static readonly TimeSpan AfterLostImage = TimeSpan.FromMinutes(10);

    /// <summary>Responses without a usable image are charged, and a provider that gives several will give more.</summary>
    private const int MaxUnusableAnswers = 3;

    public AttemptOutcome After(WorkersAiException exception, ClaimedJob job) => exception.Failure switch
    {
        { Kind: WorkersAiFailureKind.Permanent } failure => new AttemptOutcome.Fail(failure.Code, failure.Message),
        { Kind: WorkersAiFailureKind.OutputRejected } failure => job.OutputRejections == 0
            ? new AttemptOutcome.Reschedule(new RetryPlan(Backoff(1), failure.Code, failure.Message, OutputRejected: true))
            : new AttemptOutcome.Fail(failure.Code, failure.Message),
        { Kind: WorkersAiFailureKind.QuotaUsedUp } failure => new AttemptOutcome.Reschedule(
            new RetryPlan((failure.RetryAfter ?? TimeSpan.Zero) + Backoff(job.Attempts), failure.Code, failure.Message, StartsAfresh: true)),
        { WasCharged: true } failure when job.UnusableAnswers + 1 >= MaxUnusableAnswers => new AttemptOutcome.Fail(
            ErrorCode.OutputUnusable,
            $"Gave up after {MaxUnusableAnswers} responses without a usable image, each of which may have been charged. Last error: {failure.Message} "
                + "Choose another model, or report this to the operator."),
        var failure => Later(job, failure.Code, failure.Message, failure.RetryAfter, failure.WasCharged),
    };

    /// <summary>The image was generated but could not be stored before the claim's lease expired.</summary>
    public AttemptOutcome AfterStoreFailure(ClaimedJob job) =>
        Later(job, ErrorCode.ImageStoreUnavailable, "The image was generated but could not be stored.", AfterLostImage);

    public AttemptOutcome AfterUnexpected(ClaimedJob job) =>
        Later(job, ErrorCode.InternalError, "An unexpected error occurred in the worker.", atLeast: null);

    /// <summary>The account's rate limit leaves no room for the request yet. The job is queued for its turn; this is not an attempt.</summary>
    public static AttemptOutcome AtItsTurn(TimeSpan wait) => new AttemptOutcome.Reschedule(new RetryPlan(
        wait, ErrorCode.RateLimited,
        "The account's limit of requests per minute has been reached. The job is queued and will start automatically.", IsDeferred: true));

    /// <summary>The image store refuses writes until an operator corrects its permissions. Nothing was attempted.</summary>
    public static AttemptOutcome WhileStoreRefuses() => new AttemptOutcome.Reschedule(new RetryPlan(
        MaxDelay * (0.5 + (Random.Shared.NextDouble() / 2)), ErrorCode.ImageStoreRefused,
        "The image store does not permit the server to store images. The operator of the server must correct this; the job will then start automatically.",
        IsDeferred: true));

    private AttemptOutcome Later(ClaimedJob job, string code, string reason, TimeSpan? atLeast, bool unusableAnswer = false)
    {
        var backoff = Backoff(job.Attempts);
        var delay = atLeast > backoff ? atLeast.Value : backoff;
        return job.DatabaseTime(time) + (long)delay.TotalMilliseconds <= job.RetryUntil
            ? new AttemptOutcome.Reschedule(new RetryPlan(delay, code, $"{reason} The job will be retried automatically.", UnusableAnswer: unusableAnswer))
            : new AttemptOutcome.Fail(
                ErrorCode.ProviderUnavailable,
                $"Gave up after {job.Attempts} attempt(s). Last error: {reason} Submit the job again later.");
    }

    /// <summary>Exponential backoff with jitter, so that jobs that failed together are not retried together.</summary>
    private static TimeSpan Backoff(int attempts)
    {
        var full = FirstDelay * Math.Pow(2, Math.Min(attempts - 1, 10));
        return (full < MaxDelay ? full : MaxDelay) * (0.5 + (Random.Shared.NextDouble() / 2));
    }
}
