using McpImageGen.Jobs.Lifecycle;

namespace McpImageGen.GenerationWorker.Generation;

/// <summary>What happens to a job after a failed attempt.</summary>
public abstract record Decision
{
    private Decision()
    {
    }

    /// <summary>The job is retried later.</summary>
    public sealed record TryLater(RetryLater Retry) : Decision;

    /// <summary>The job has failed permanently.</summary>
    public sealed record GiveUp(string Code, string Error) : Decision;
}
