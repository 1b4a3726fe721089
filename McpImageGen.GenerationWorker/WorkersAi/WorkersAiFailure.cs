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
