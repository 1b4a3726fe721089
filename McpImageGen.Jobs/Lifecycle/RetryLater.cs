namespace McpImageGen.Jobs.Lifecycle;

/// <summary>Why and when a job is to be tried again.</summary>
/// <param name="Delay">From now until the next attempt.</param>
/// <param name="Code">A stable code.</param>
/// <param name="Reason">The sentence to it; shown to the job's owner.</param>
/// <param name="OutputRejected">The provider drew an image and withheld it.</param>
/// <param name="UnusableAnswer">The provider responded with success but without a usable image.</param>
/// <param name="StartsAfresh">The time for retries counts anew from the next attempt: the wait is no fault of the job's.</param>
/// <param name="HeldBack">Nothing was tried: it was no attempt, and the delay takes nothing of the time for retries.</param>
public sealed record RetryLater(
    TimeSpan Delay, string Code, string Reason, bool OutputRejected = false, bool UnusableAnswer = false, bool StartsAfresh = false, bool HeldBack = false);
