namespace McpImageGen.GenerationWorker.WorkersAi;

/// <summary>What to do about a call that gave no image.</summary>
public enum WorkersAiFailureKind
{
    /// <summary>Try again later, after <see cref="WorkersAiFailure.RetryAfter"/> where it is set, else with a backoff of one's own.</summary>
    Transient,

    /// <summary>The account's neurons of the day are used up: try again after <see cref="WorkersAiFailure.RetryAfter"/>, at 00:00 UTC.</summary>
    QuotaUsedUp,

    /// <summary>The provider withheld what it drew. It sometimes changes its mind: try again once at most.</summary>
    OutputRejected,

    /// <summary>The same request will never succeed.</summary>
    Permanent,
}
