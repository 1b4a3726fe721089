namespace McpImageGen.GenerationWorker.WorkersAi;

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
