namespace McpImageGen.GenerationWorker.WorkersAi;

/// <summary>Why a call returned no image, with everything needed to decide what happens to the job.</summary>
/// <param name="Kind">What to do.</param>
/// <param name="Code">A stable code, one of <see cref="Contracts.ErrorCode"/>.</param>
/// <param name="Message">
/// What happened and, unless the job will be retried, what to do. It never contains the prompt, the token or the account id.
/// </param>
/// <param name="RetryAfter">
/// How long to wait before the next attempt: the time that the provider asked for, at most 1 hour; the time until 00:00 UTC when the
/// quota is used up; null if the provider did not specify it.
/// </param>
public sealed record WorkersAiFailure(WorkersAiFailureKind Kind, string Code, string Message, TimeSpan? RetryAfter = null)
{
    /// <summary>True if only the operator of this server can fix the cause. The client has logged the failure at level Error.</summary>
    public bool OperatorMustAct { get; init; }

    /// <summary>True if the provider reported success, so that the call is charged although there is no usable image.</summary>
    public bool WasCharged { get; init; }
}

/// <summary>A call to Workers AI returned no image. The message is the failure's message and can be shown to the job's owner.</summary>
public sealed class WorkersAiException(WorkersAiFailure failure, Exception? innerException = null)
    : Exception(failure.Message, innerException)
{
    public WorkersAiFailure Failure { get; } = failure;
}

/// <summary>What to do about a call that returned no image.</summary>
public enum WorkersAiFailureKind
{
    /// <summary>Retry later: after <see cref="WorkersAiFailure.RetryAfter"/> if it is set, otherwise after a backoff.</summary>
    Transient,

    /// <summary>The account's daily quota of neurons is used up: retry after <see cref="WorkersAiFailure.RetryAfter"/>, at 00:00 UTC.</summary>
    QuotaUsedUp,

    /// <summary>The provider withheld the generated image. A retry sometimes succeeds: retry at most once.</summary>
    OutputRejected,

    /// <summary>The same request will never succeed.</summary>
    Permanent,
}
