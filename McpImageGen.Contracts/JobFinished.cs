namespace McpImageGen.Contracts;

/// <summary>
/// The signal that a job has reached its last state. It only wakes whoever waits: the job's row says what happened.
/// It may be lost and it may come twice.
/// </summary>
/// <param name="JobId">The job's id.</param>
public sealed record JobFinished(Guid JobId);
