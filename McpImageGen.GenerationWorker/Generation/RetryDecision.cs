using McpImageGen.Contracts;
using McpImageGen.GenerationWorker.WorkersAi;
using McpImageGen.Jobs.Lifecycle;

namespace McpImageGen.GenerationWorker.Generation;

/// <summary>Decides what becomes of a job after an attempt that did not do: when it is tried again, or why it has failed.</summary>
public sealed class RetryDecision(TimeProvider time)
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(30);

    /// <summary>Each further attempt is paid for again, so there are not many of them.</summary>
    private static readonly TimeSpan AfterLostImage = TimeSpan.FromMinutes(10);

    public Decision After(WorkersAiException exception, ClaimedJob job) => exception.Failure switch
    {
        { Kind: WorkersAiFailureKind.Permanent } failure => new Decision.GiveUp(failure.Code, failure.Message),
        { Kind: WorkersAiFailureKind.OutputRejected } failure => job.OutputRejections == 0
            ? new Decision.TryLater(new RetryLater(Backoff(1), failure.Code, failure.Message, OutputRejected: true))
            : new Decision.GiveUp(failure.Code, failure.Message),
        { Kind: WorkersAiFailureKind.QuotaUsedUp } failure => new Decision.TryLater(
            new RetryLater((failure.RetryAfter ?? TimeSpan.Zero) + Backoff(job.Attempts), failure.Code, failure.Message, StartsAfresh: true)),
        var failure => Later(job, failure.Code, failure.Message, failure.RetryAfter),
    };

    /// <summary>The image was there, and nowhere to put it for as long as the claim lasted.</summary>
    public Decision AfterStoreFailure(ClaimedJob job) =>
        Later(job, TransientCode.ImageStoreUnavailable, "The image could not be stored. The job is tried again.", AfterLostImage);

    public Decision AfterUnexpected(ClaimedJob job) =>
        Later(job, "internal_error", "The worker met an unexpected error. The job is tried again.", atLeast: null);

    /// <summary>The account has no room for its request yet. It has a turn, and nothing has been tried.</summary>
    public static Decision AtItsTurn(TimeSpan wait) => new Decision.TryLater(new RetryLater(
        wait, TransientCode.RateLimited,
        "The account's limit of requests a minute is reached. The job has its turn and waits for it; nothing to do.", HeldBack: true));

    /// <summary>An image could not be stored until an operator has corrected the store's permissions. Nothing has been tried.</summary>
    public static Decision WhileStoreRefuses() => new Decision.TryLater(new RetryLater(
        LongestDelay * (0.5 + (Random.Shared.NextDouble() / 2)), TransientCode.ImageStoreRefused,
        "The image store does not permit the server to store images. The server's operator must correct this; the job waits until then.",
        HeldBack: true));

    private Decision Later(ClaimedJob job, string code, string reason, TimeSpan? atLeast)
    {
        var backoff = Backoff(job.Attempts);
        var delay = atLeast > backoff ? atLeast.Value : backoff;
        return time.GetUtcNow().Add(delay).ToUnixTimeMilliseconds() <= job.RetryUntil
            ? new Decision.TryLater(new RetryLater(delay, code, reason))
            : new Decision.GiveUp(
                FailureCode.ProviderUnavailable,
                $"Given up after {job.Attempts} attempt(s). The last one: {reason} Submit the job again later.");
    }

    /// <summary>Twice as long after each attempt, and scattered, so that jobs that failed together do not come back together.</summary>
    private static TimeSpan Backoff(int attempts)
    {
        var full = FirstDelay * Math.Pow(2, Math.Min(attempts - 1, 10));
        return (full < LongestDelay ? full : LongestDelay) * (0.5 + (Random.Shared.NextDouble() / 2));
    }
}
