using McpImageGen.Jobs.Lifecycle;

namespace McpImageGen.GenerationWorker.Generation;

/// <summary>What becomes of a job whose attempt did not do.</summary>
public abstract record Decision
{
    private Decision()
    {
    }

    /// <summary>It is tried again.</summary>
    public sealed record TryLater(RetryLater Retry) : Decision;

    /// <summary>It has failed for good.</summary>
    public sealed record GiveUp(string Code, string Error) : Decision;
}
