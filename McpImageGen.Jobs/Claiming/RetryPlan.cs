namespace McpImageGen.Jobs.Claiming;

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
