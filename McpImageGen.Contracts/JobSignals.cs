namespace McpImageGen.Contracts;

/// <summary>
/// The signal that a job is finished. It only wakes waiting calls; they read the outcome from the job's row.
/// The signal can be lost or delivered twice.
/// </summary>
/// <param name="JobId">The job's id.</param>
public sealed record JobFinished(Guid JobId);

/// <summary>
/// The signal that a job was cancelled, so that the worker that processes it can stop. The job's row is already updated, and the result of a
/// worker that missed the signal is discarded. The signal can be lost or delivered twice.
/// </summary>
/// <param name="JobId">The job's id.</param>
public sealed record JobCancelled(Guid JobId);
