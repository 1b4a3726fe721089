using McpImageGen.Jobs.Claiming;

namespace McpImageGen.GenerationWorker.Generation;

/// <summary>What happens to a job after a failed attempt.</summary>
public abstract record AttemptOutcome
{
    private AttemptOutcome()
    {
    }

    /// <summary>The job is retried later.</summary>
    public sealed record Reschedule(RetryPlan Retry) : AttemptOutcome;

    /// <summary>The job has failed permanently.</summary>
    public sealed record Fail(string Code, string Error) : AttemptOutcome;
}
