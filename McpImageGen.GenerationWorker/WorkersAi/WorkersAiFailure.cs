namespace McpImageGen.GenerationWorker.WorkersAi;

/// <summary>Why a call gave no image, and all that is needed to decide what happens to the job.</summary>
/// <param name="Kind">What to do.</param>
/// <param name="Code">
/// A stable code: one of <see cref="Contracts.FailureCode"/> where the job cannot go on (permanent, output rejected), else one of
/// <see cref="Contracts.TransientCode"/>.
/// </param>
/// <param name="Message">For people: what happened and what to do. It never holds the prompt, the token or the account's id.</param>
/// <param name="RetryAfter">
/// How long to wait before the next try: what the provider asked for, at most 1 hour; the time until 00:00 UTC when the quota is
/// used up; null where the provider said nothing.
/// </param>
public sealed record WorkersAiFailure(WorkersAiFailureKind Kind, string Code, string Message, TimeSpan? RetryAfter = null)
{
    /// <summary>True where only the operator of this server can help. The client has then logged it at Error.</summary>
    public bool OperatorMustAct { get; init; }
}
